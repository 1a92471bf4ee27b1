/** A child of a worker whose units misbehave as they are told. */
import { serveUnits, type UnitPlayer } from '../../harness/scale/slot/serve-units.ts';

const held: Buffer[] = [];

const behaviours: Record<string, (seed: number) => unknown> = {
  well: (seed) => seed * 2,
  dies: () => process.kill(process.pid, 'SIGKILL'),
  throws: () => {
    throw new Error('it does not work');
  },
  spins: () => {
    for (;;) held.length = 0;
  },
  waits: () => new Promise(() => {}),
  hogs: () => {
    for (;;) held.push(Buffer.alloc(2 ** 20, 1));
  },
  grows: () =>
    new Promise(() => {
      setInterval(() => held.push(Buffer.alloc(2 ** 24, 1)), 5);
    }),
  differs: () => process.pid,
};

const player = (): UnitPlayer => ({
  async play({ how, seed }) {
    const value = Number(await behaviours[String(how)]?.(Number(seed)));
    return { digest: String(value), value, files: [] };
  },
  [Symbol.asyncDispose]: async () => {},
});

serveUnits({ behave: async () => player });
