/** The load, in a process of its own. */
import { once } from 'node:events';
import type net from 'node:net';
import { type Job, serveJobs } from './helper.ts';
import { sendBulk } from './load/bulk.ts';
import type { Destination } from './load/client.ts';
import { churn, hold } from './load/connections.ts';
import { probeDelays } from './load/delays.ts';
import { sendRequests } from './load/requests.ts';

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

async function perform(job: Job): Promise<unknown> {
  const to = job.to as Destination;
  const amount = (name: string): number => Number(job[name]);
  switch (job.kind) {
    case 'bulk':
      return sendBulk(to, amount('durationMs'));
    case 'requests':
      return sendRequests(to, amount('connections'), amount('durationMs'));
    case 'churn':
      return churn(to, amount('count'));
    case 'delays':
      return probeDelays(to, {
        latencyMs: amount('latencyMs'),
        connections: amount('connections'),
        samples: amount('samples'),
      });
    case 'hold':
      held = [...held, ...(await hold(to, amount('count')))];
      return held.length;
    case 'release':
      return release();
    default:
      throw new Error(`Unknown job ${job.kind}`);
  }
}

serveJobs(perform);
