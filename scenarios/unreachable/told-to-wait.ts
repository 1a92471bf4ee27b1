/** R2.6, field issue D12: a server that asks for time with Retry-After. */
import { count, distinct, each, followed, type Matcher, scenario, statistic, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { gatewayRequests, startBusyGateway } from '../rigs/busy-gateway.ts';
import { createChannel } from '../rigs/channel.ts';
import { startReference } from '../rigs/reference.ts';
import { goodHeartbeats } from '../rigs/unreachable.ts';

const told = { ...gatewayRequests, status: { anyOf: [429, 503] } } satisfies Matcher;
const opened = { kind: 'server.log', event: 'ws_open' } satisfies Matcher;

scenario({
  id: 'unreachable/told-to-wait',
  title: 'A server that asks for time gets it',
  requirements: ['R2.6', 'R4.8'],
  story:
    'A gateway is overloaded. It cuts the WebSocket and answers whatever comes with 503 and Retry-After: 120, later with 429 ' +
    'and a date that is 90 s away. As reported, clients came back at once, all of them, and kept it overloaded; others cut ' +
    'the wait short at a cap of their own. Nothing may be sent before the time that was told, whatever it is for: heartbeats, ' +
    'reports, health checks and upgrades alike. A wait that is too long for a request is told to its caller.',
  fastPace: 40,
  play: async (table) => {
    const patientServer = { HEADERS_TIMEOUT: '3600', BODY_TIMEOUT: '3600', KEEP_ALIVE_TIMEOUT: '3600' };
    const reference = await startReference(table, { env: patientServer });
    const gateway = await startBusyGateway(table, reference);
    await startAgent(table, gateway, {
      env: {
        HEARTBEAT_INTERVAL: '30',
        FLEET_REPORT_INTERVAL: '20',
        HEALTH_CHECK_INTERVAL: '25',
        REQUEST_TIMEOUT: '600',
        CONNECT_TIMEOUT: '600',
      },
    });
    const policy = { connectTimeoutMs: 600_000, suspectAfterMs: 300_000, pongTimeoutMs: 600_000 };
    const { channel } = createChannel(table, gateway, { environment: 'development', policy });
    await channel.open().catch(() => {});
    await table.until(goodHeartbeats, { withinMs: 60_000 });
    for (const [status, waitMs, asDate] of [
      [503, 120_000, false],
      [429, 90_000, true],
    ] as const) {
      gateway.answer({ status, backAtMs: table.clock.now() + waitMs, asDate });
      const clients = ['http', 'websocket'].map((client) =>
        table.until({ ...gatewayRequests, status, client }, { withinMs: 60_000 }),
      );
      await Promise.all(clients);
      // It could answer long before the time that it told; that is no invitation.
      gateway.answer();
      await table.sleep(waitMs);
      await table.until(goodHeartbeats, { nth: table.count(goodHeartbeats) + 1, withinMs: 120_000 });
      await table.until(opened, { nth: status === 503 ? 2 : 3, withinMs: 120_000 });
    }
  },
  checks: {
    'both-are-told': distinct('the agent and its WebSocket are both told to wait', {
      of: told,
      field: 'client',
      atLeast: 2,
    }),
    'never-early': statistic('nothing is sent before the time that was told', {
      of: gatewayRequests,
      field: 'earlyMs',
      take: 'max',
      // A timer may be a millisecond early, which is 40 ms here.
      atMost: 200,
      fewest: 6,
      unit: 'ms',
    }),
    'comes-back': followed('after that time the agent is back', {
      each: { ...told, client: 'http' },
      by: goodHeartbeats,
    }),
    'websocket-comes-back': followed('and its WebSocket', {
      each: { ...told, client: 'websocket' },
      by: opened,
    }),
    'caller-is-told': count('a wait that is longer than allowed is told, with its length', {
      of: {
        kind: 'agent.log',
        level: 'error',
        event: 'operation_failed',
        message: { matches: 'asks to wait \\d+ s, longer than the \\d+ s allowed' },
      },
      given: told,
      atLeast: 2,
      unit: 'records',
    }),
    'told-as-it-is': each('no failure has another reason', {
      of: { kind: 'agent.log', event: 'operation_failed' },
      has: { retryAfterMs: { atLeast: 30_000 } },
      given: told,
    }),
  },
  reported: ['never-early', 'caller-is-told'],
  anySubject: {
    needs: ['requests', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: toxic({ type: 'http_status', attributes: { status: 503, retry_after: '60' } }),
        lastsMs: 90_000,
        checks: ['retry-after', 'noise', 'recovers'],
        context: { retryAfterMs: 60_000 },
      }),
  },
});
