/** Faults that are on no link: crashes, clocks that jump, names that do not resolve. */
import 'shaketable/simulated';
import { count, explore, type Storm } from 'shaketable';
import { expect, it } from 'vitest';

/** What every run has to have at its end. */
const settled = { kind: 'subject.note', name: 'settled' } as const;
const invariants = {
  settles: count('the story comes to its end', { of: settled, given: { kind: 'subject.note' }, atLeast: 1 }),
};
const times = { stormMs: 20_000, quietMs: 5_000 };

it('crashes the subject and starts it again, and the storm is not over before it is up', async () => {
  let ups = 0;
  const { tally } = await explore(
    {
      ...times,
      faults: { crash: true },
      async subject(table, storm) {
        let isUp = true;
        const weather = storm();
        weather.crashes({
          crash() {
            isUp = false;
            table.note('down');
          },
          async restart() {
            await table.sleep(300);
            isUp = true;
            ups += 1;
            table.note('up');
          },
        });
        await weather.over();
        expect(isUp).toBe(true);
        await weather.settled();
        table.note('settled');
      },
      invariants,
      sometimes: {
        'a crash': { kind: 'subject.note', name: 'down' },
        'a restart': { kind: 'subject.note', name: 'up' },
      },
    },
    { budget: { seeds: 12 } },
  );

  expect(ups).toBeGreaterThan(0);
  expect(tally.kinds.get('crash')?.struck).toBeGreaterThan(0);
});

it('has the clock of the subject jump, and come back, while that of the table goes on', async () => {
  const seen: number[] = [];
  const look = (weather: Storm, now: number): void => void seen.push(weather.clock.now() - now);
  await explore(
    {
      ...times,
      faults: { clock: true },
      async subject(table, storm) {
        const weather = storm();
        while (weather.rages) {
          look(weather, table.clock.now());
          await table.sleep(200);
        }
        await weather.settled();
        expect(weather.clock.now()).toBe(table.clock.now());
        table.note('settled');
      },
      invariants,
      sometimes: { 'a jump': { kind: 'fault.strike', faultKind: 'clock_jump' } },
    },
    { budget: { seeds: 12 } },
  );

  expect(seen.some((aheadMs) => aheadMs > 0) && seen.some((aheadMs) => aheadMs < 0) && seen.includes(0)).toBe(
    true,
  );
});

it('has a name not resolve for a while', async () => {
  const { tally } = await explore(
    {
      ...times,
      faults: { names: ['server.shaketable.test'] },
      async subject(table, storm) {
        const weather = storm();
        while (weather.rages) {
          const socket = table.dial({ host: 'server.shaketable.test', port: 9 });
          await new Promise<void>((resolve) =>
            socket.once('error', () => resolve()).once('connect', () => resolve()),
          );
          socket.destroy();
          await table.sleep(700);
        }
        await weather.settled();
        table.note('settled');
      },
      invariants,
      sometimes: { 'a name that does not resolve': { kind: 'fault.strike', faultKind: 'unresolvable_name' } },
    },
    { budget: { seeds: 10 } },
  );

  expect(tally.failed).toBe(0);
});
