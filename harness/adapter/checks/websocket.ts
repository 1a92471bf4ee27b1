/** What an adapter of a WebSocket client has to do. */
import { type AdapterCheck, connectTo, eventually, expect, freshName, inWords, succeed } from '../check.ts';

const kind = 'websocket';

export const webSocketChecks: readonly AdapterCheck[] = [
  {
    id: 'message-arrives',
    title: 'a message arrives once, as it was given, and what comes back is an event',
    kind,
    async run(bench) {
      const { adapter, peer } = bench;
      const on = await connectTo(bench, kind, '/ws');
      const text = 'two\nlines – ✓ 🎉';
      await succeed(adapter, { do: 'send', on, text, withinMs: 10_000 });
      const echo = await adapter.event((event) => event.event === 'message' && event.on === on, 5_000);
      const arrived = peer.messages.filter((message) => message === text);
      expect(arrived.length === 1, `it arrived ${arrived.length} times`);
      expect(
        echo?.text === `echo: ${text}`,
        echo ? `what came back is told as ${echo.text}` : 'what came back is told by no event',
      );
    },
  },
  {
    id: 'refused-is-failed',
    title: 'where nobody listens, or the upgrade is refused, connecting failed',
    kind,
    async run({ adapter, peer, closedPort, caFile }) {
      const refused = [`wss://127.0.0.1:${closedPort}/ws`, `wss://127.0.0.1:${peer.port}/ws-refused`];
      for (const url of refused) {
        const outcome = await adapter.do({
          do: 'connect',
          kind,
          on: freshName(),
          url,
          caFile,
          withinMs: 10_000,
        });
        expect(outcome.answer === 'failed', `it is told as ${inWords(outcome)}, not “failed”`);
      }
    },
  },
  {
    id: 'untrusted-is-failed',
    title: 'a certificate of an authority that it was not given is refused',
    kind,
    async run({ adapter, peer, otherCaFile }) {
      const url = `wss://127.0.0.1:${peer.port}/ws`;
      const outcome = await adapter.do({
        do: 'connect',
        kind,
        on: freshName(),
        url,
        caFile: otherCaFile,
        withinMs: 10_000,
      });
      expect(outcome.answer === 'failed', `it is told as ${inWords(outcome)}, not “failed”`);
    },
  },
  {
    id: 'bound-is-kept',
    title: 'connecting to a server that does not answer ends within withinMs, and not as ok',
    kind,
    async run({ adapter, peer, caFile }) {
      const url = `wss://127.0.0.1:${peer.port}/ws-silent`;
      const outcome = await adapter.do({
        do: 'connect',
        kind,
        on: freshName(),
        url,
        caFile,
        withinMs: 1_000,
      });
      expect(
        outcome.answer === 'failed' || outcome.answer === 'unknown',
        `it is told as ${inWords(outcome)}`,
      );
    },
  },
  ...(['close', 'drop'] as const).map(
    (how): AdapterCheck => ({
      id: `${how}-is-told`,
      title:
        how === 'close'
          ? 'a connection that the server closes is told by an event, and a send on it is not ok'
          : 'a connection that is cut is told by an event, and a send on it is not ok',
      kind,
      async run(bench) {
        const { adapter } = bench;
        const on = await connectTo(bench, kind, '/ws');
        await adapter.do({ do: 'send', on, text: how, withinMs: 10_000 });
        const closed = await adapter.event((event) => event.event === 'closed' && event.on === on, 5_000);
        expect(closed !== undefined, 'no event tells that it is closed');
        const later = await adapter.do({ do: 'send', on, text: 'after the end', withinMs: 5_000 });
        expect(
          later.answer === 'failed' || later.answer === 'unknown',
          `a send on it is answered ${inWords(later)}, not “failed” or “unknown”`,
        );
      },
    }),
  ),
  {
    id: 'release-closes',
    title: 'what is released is closed',
    kind,
    async run(bench) {
      const { adapter, peer } = bench;
      const before = peer.open('/ws');
      const on = await connectTo(bench, kind, '/ws');
      await eventually(bench, 5_000, () => peer.open('/ws') > before, 'no connection was opened');
      await succeed(adapter, { do: 'release', on });
      await eventually(
        bench,
        5_000,
        () => peer.open('/ws') <= before,
        'its connection is still open 5 s later',
      );
    },
  },
];
