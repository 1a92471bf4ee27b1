/** R4.4, R4.8, field issues D11 and F12: connections that open and break at once, and one that is merely idle. */
import { count, each, jitter, type Matcher, ratio, scenario } from 'shaketable';
import { brokenUpgrades, startBreakingGateway } from '../rigs/breaking-gateway.ts';
import { createChannel } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';

const users = Array.from({ length: 4 }, (_, index) => `user-${index + 1}`);
const wanted = { kind: 'subject.note', name: 'wanted' } satisfies Matcher;
const idle = { kind: 'server.log', event: 'ws_open', user: 'idle' } satisfies Matcher;

scenario({
  id: 'silent-socket/opens-and-breaks',
  title: 'A WebSocket that opens and breaks at once is tried again ever more slowly',
  requirements: ['R4.4', 'R4.8'],
  except: {
    simulated:
      'nothing takes time there, so that a client that comes back without a wait comes back twenty thousand times',
  },
  story:
    'A gateway accepts every upgrade and drops the connection at once, since what it should lead to is gone. As reported, the ' +
    'client took each opening for the end of the trouble and came back without a wait. Four clients meet it together: their ' +
    'waits have to grow, and differ. A fifth WebSocket leads straight to the server and has nothing to say for a minute: it ' +
    'is healthy, and nobody has a reason to make it again.',
  fastPace: 6,
  play: async (table) => {
    const reference = await startReference(table);
    const gateway = await startBreakingGateway(table, reference);
    const patience = { pingIntervalMs: 10_000, pongTimeoutMs: 15_000, suspectAfterMs: 7_500 };
    const quiet = createChannel(table, reference, { userId: 'idle', policy: patience });
    await quiet.channel.open();
    for (const userId of users) {
      const { channel } = createChannel(table, gateway, { environment: 'development', userId });
      table.note('wanted', { user: userId });
      void channel.open().catch(() => {});
    }
    await table.sleep(60_000);
  },
  checks: {
    'backs-off': ratio('each client tries no more than eight times in a minute', {
      of: brokenUpgrades,
      per: wanted,
      atMost: 8,
      fewest: users.length,
      unit: 'attempts',
    }),
    jitter: jitter('after each attempt the waits of the clients lie apart', {
      of: { kind: 'agent.log', event: 'attempt_failed', operation: 'ws_connect' },
      field: 'delayMs',
      groupBy: 'attempt',
      fewest: users.length,
      atLeast: 0.02,
    }),
    'outage-is-told': each('a connection that does not come about is told of at ERROR after five attempts', {
      of: { kind: 'agent.log', event: 'operation_failed', operation: 'ws_connect' },
      has: { level: 'error', attempt: 5, category: 'reset' },
      given: brokenUpgrades,
    }),
    'idle-is-kept': count('an idle connection to a healthy server is made once', {
      of: idle,
      given: idle,
      atMost: 1,
      unit: 'connections',
    }),
  },
  reported: ['backs-off'],
});
