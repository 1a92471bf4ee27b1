/** R4.1 R4.5: the peer is gone without a word, and the socket still looks open. */
import { accounted, each, followed, honestClaims, ownWorlds, scenario, statistic, toxic } from 'shaketable';
import { holdSocket, soundAdapter, toldClosed } from '../rigs/any-adapter.ts';
import { createChannel, sends } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

scenario({
  id: 'silent-socket/send-to-a-silent-peer',
  title: 'A send to a silent peer does not count as done',
  requirements: ['R4.1', 'R4.5'],
  worlds: [...ownWorlds, 'external'],
  story:
    'The path to the server goes dead while the WebSocket is open: nothing arrives any more, no FIN, no RST. The socket ' +
    'takes every message and reports no error. As reported, the handler returned success for each of them.',
  fastPace: 10,
  faults: {
    dead: { fault: toxic({ type: 'blackhole', stream: 'upstream' }), link: 'agent→server', from: 'manual' },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const { channel, send } = createChannel(table, reference, { environment: 'development' });
    await channel.open();
    await send({ type: 'user_message', id: 'before', text: 'is anybody there?' });
    await table.inject('dead');
    await Promise.all(
      ['during-1', 'during-2', 'during-3'].map((id) =>
        send({ type: 'user_message', id, text: 'still there?' }),
      ),
    );
    // By its own rhythm it would ask much later.
    await table.sleep(15_000);
  },
  checks: {
    'honest-success': honestClaims('every message reported as delivered was received', {
      claims: { ...sends, status: 'acknowledged' },
      denials: { ...sends, status: 'failed' },
      received: { kind: 'server.log', event: 'ws_message' },
      key: 'id',
      given: { ...sends, id: { matches: '^during' } },
    }),
    'explicit-outcome': each('each send into the silence ends as failed or unknown', {
      of: { ...sends, id: { matches: '^during' } },
      has: { status: { anyOf: ['failed', 'unknown'] } },
      given: sends,
    }),
    'told-one-by-one': accounted('each of them has its record', {
      happened: { ...sends, id: { matches: '^during' } },
      told: { kind: 'agent.log', event: 'ws_send_failed', messageId: { matches: '^during' } },
      fewest: 3,
    }),
    'asked-at-once': followed(
      'who does not acknowledge is asked for a sign of life at once, and given up without one',
      {
        each: { ...sends, id: 'during-1' },
        by: { kind: 'connection.end', link: 'agent→server', side: 'client' },
        withinMs: 10_000,
      },
    ),
    'fails-in-time': statistic('the outcome is known within its bound', {
      of: sends,
      field: 'waitedMs',
      take: 'max',
      atMost: 10_000,
      unit: 'ms',
    }),
  },
  reported: ['honest-success', 'explicit-outcome'],
  claims: [
    {
      id: 'silent-send-failures',
      figure: 'silent WebSocket send failures',
      requirement: 'R4.1',
      reportedBefore: 'unknown',
      reportedAfter: 0,
      unit: '%',
      check: 'honest-success',
      scale: 100,
      before: [1, 100],
      after: [0, 0],
    },
  ],
  anyAdapter: {
    kind: 'websocket',
    part: (subject) => ({
      faults: { dead: { fault: toxic({ type: 'blackhole' }), link: 'agent→server', from: 'manual' } },
      play: async (table) => {
        const { send } = await holdSocket(table, subject);
        await send('before');
        await table.inject('dead');
        await send('during-1');
        await table.until(toldClosed, { withinMs: 100_000 });
      },
      checks: {
        ...soundAdapter,
        notices: followed('a peer that has fallen silent is noticed within a minute', {
          each: { kind: 'fault.strike', fault: 'dead' },
          by: toldClosed,
          withinMs: 60_000,
          onlyFirst: true,
        }),
      },
    }),
  },
});
