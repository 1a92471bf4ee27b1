/**
 * As many requests as the other end can take, by autocannon: for clean links and connections that are kept, and nothing else.
 * With a rate it mistakes the unit of its correction, it drops answers where it reconnects, and it verifies no
 * certificate. It rounds latencies to milliseconds, except in its `response` events, which are taken here.
 */
import type { Clock } from 'shaketable-proxy/clock';
import type { Target } from './policies/policy.ts';

/** What is asked for. */
export interface SaturateJob extends Pick<Target, 'port'> {
  readonly connections: number;
  /** Requests in all. */
  readonly amount: number;
}

/** What autocannon says. */
export interface SaturateLoad {
  readonly serviceMs: readonly number[];
  readonly sent: number;
  readonly errors: number;
  readonly elapsedMs: number;
}

export async function saturate(
  { port, connections, amount }: SaturateJob,
  clock: Clock,
): Promise<SaturateLoad> {
  const { default: autocannon } = await import('autocannon');
  const serviceMs: number[] = [];
  const startMs = clock.now();
  const run = autocannon({
    url: `https://127.0.0.1:${port}/report`,
    servername: 'localhost',
    connections,
    amount,
  });
  run.on('response', (_client, _status, _bytes, responseMs) => serviceMs.push(responseMs));
  const { errors, requests } = await run;
  return { serviceMs, sent: requests.sent, errors, elapsedMs: clock.now() - startMs };
}
