/** The load on a proxy, in a process of its own. */
import { once } from 'node:events';
import type net from 'node:net';
import { sendBulk } from '../load/proxy/bulk.ts';
import type { Destination } from '../load/proxy/client.ts';
import { churn, hold } from '../load/proxy/connections.ts';
import { probeDelays } from '../load/proxy/delays.ts';
import { sendRequests } from '../load/proxy/requests.ts';
import { type Job, serveKinds } from './helper.ts';

let held: readonly net.Socket[] = [];

async function release(): Promise<void> {
  await Promise.all(
    held.map((socket) => {
      const closed = once(socket, 'close');
      socket.destroy();
      return closed;
    }),
  );
  held = [];
}

const to = (job: Job): Destination => job.to as Destination;
const amount = (job: Job, name: string): number => Number(job[name]);

serveKinds({
  bulk: (job) => sendBulk(to(job), amount(job, 'durationMs')),
  requests: (job) => sendRequests(to(job), amount(job, 'connections'), amount(job, 'durationMs')),
  churn: (job) => churn(to(job), amount(job, 'count')),
  delays: (job) =>
    probeDelays(to(job), {
      latencyMs: amount(job, 'latencyMs'),
      connections: amount(job, 'connections'),
      samples: amount(job, 'samples'),
    }),
  hold: async (job) => {
    held = [...held, ...(await hold(to(job), amount(job, 'count')))];
    return held.length;
  },
  release,
});
