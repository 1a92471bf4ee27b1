/** What every adapter has to do, whatever it connects to. */
import { type AdapterCheck, type Bench, connectTo, expect, freshName, inWords, succeed } from '../check.ts';
import { type Command, protocolVersion } from '../protocol.ts';

export const protocolChecks: readonly AdapterCheck[] = [
  {
    id: 'greets-again',
    title: 'a second greeting is answered like the first',
    async run({ adapter }) {
      const again = await succeed(adapter, { do: 'hello', version: protocolVersion });
      expect(again.version === protocolVersion, `it speaks version ${again.version} the second time`);
    },
  },
  {
    id: 'survives-nonsense',
    title: 'a line that it cannot read, or a command that it does not know, does not end it',
    async run({ adapter }) {
      adapter.write('this is no JSON');
      adapter.write('[]');
      const flown = await adapter.do({ do: 'fly' } as unknown as Command);
      expect(flown.answer === 'failed', `an unknown command is answered ${inWords(flown)}, not “failed”`);
      await succeed(adapter, { do: 'hello', version: protocolVersion });
    },
  },
  {
    id: 'knows-its-connections',
    title: 'what is asked of a connection that it does not have fails',
    async run({ adapter }) {
      const on = freshName();
      const asked: Command[] = [
        { do: 'request', on, method: 'GET', path: '/echo', withinMs: 2_000 },
        { do: 'send', on, text: 'hello', withinMs: 2_000 },
      ];
      for (const command of asked) {
        const outcome = await adapter.do(command);
        expect(outcome.answer === 'failed', `${command.do} is answered ${inWords(outcome)}, not “failed”`);
      }
    },
  },
];

/** Judged at the end, of all that it printed and of how it ended. */
export const lastChecks: readonly AdapterCheck[] = [
  {
    id: 'ends-with-its-input',
    title: 'it ends by itself, with code 0, when its input ends, also with connections open',
    async run(bench: Bench) {
      const { adapter } = bench;
      for (const kind of ['http', 'websocket'] as const)
        if (adapter.kinds.includes(kind)) await connectTo(bench, kind, kind === 'http' ? '' : '/ws');
      const exit = await adapter.end();
      expect(exit !== undefined, 'it still runs when its time is over, and had to be killed');
      expect(exit.code === 0, `it ends with ${exit.signal ?? `code ${exit.code}`}`);
    },
  },
  {
    id: 'prints-nothing-else',
    title:
      'its standard output has lines of the protocol alone; what else it has to say goes to standard error',
    async run({ adapter }) {
      expect(adapter.breaches.length === 0, adapter.breaches.slice(0, 3).join('; '));
    },
  },
];
