/** Many clients and many toxics at once: our program beside the real one, in turns, so that both have the machine as busy as it is. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findToxiproxyServer } from '../../harness/bench/rig/toxiproxy-program.ts';
import { orSaySkipped } from '../local/proxy/programs.ts';
import { json, request } from './bench/api.ts';
import { type Program, type SubjectName, Subjects } from './bench/subject.ts';

const found = await findToxiproxyServer(console.log);
if ('reason' in found) console.log(`skipped: crowds before the real Toxiproxy: ${found.reason}`);

const hasProc = orSaySkipped(process.platform === 'linux', 'only Linux tells processor time in /proc');

const rounds = 3;
/** Hundreds of requests one after the other, on a machine that may be busy. */
const patienceMs = 300_000;
const servers = ['real', 'ours'] as const satisfies readonly SubjectName[];

/** A server whose clients wait in a queue of their own, and that sends back what it gets. */
async function startEcho(): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).pipe(socket);
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as net.AddressInfo).port;
}

/** Connects so many clients in one turn of the event loop; how long the slowest took, ms. */
async function connectAtOnce(
  port: number,
  count: number,
): Promise<{ clients: net.Socket[]; slowestMs: number }> {
  const from = performance.now();
  const clients = Array.from({ length: count }, () =>
    net.connect({ port, host: '127.0.0.1', noDelay: true }),
  );
  const took = clients.map(async (client) => {
    client.on('error', () => {});
    await once(client, 'connect');
    return performance.now() - from;
  });
  return { clients, slowestMs: Math.max(...(await Promise.all(took))) };
}

/** What a process has had of the processors so far, in ticks of the kernel: proc_pid_stat(5), utime and stime. */
function processorTicks(pid = 0): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [utime, stime] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  return (utime ?? Number.NaN) + (stime ?? Number.NaN);
}

async function echo(client: net.Socket): Promise<void> {
  client.write('x');
  await once(client, 'data');
}

/** What `measure` gives for our program as a multiple of what it gives for the real one: the median of rounds in turns. */
async function ratio(measure: (program: Program, port: number) => Promise<number>): Promise<number> {
  const subjects = new Subjects('path' in found ? found.path : '');
  const upstream = await startEcho();
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const took = { real: 0, ours: 0 };
    for (const server of servers) {
      await using program = await subjects.serve(server, []);
      const proxy = { name: 'p', listen: '127.0.0.1:0', upstream: `127.0.0.1:${upstream}` };
      const { listen } = json<{ listen: string }>(await request(program.url, 'POST', '/proxies', proxy));
      took[server] = await measure(program, Number(listen.split(':').at(-1)));
    }
    ratios.push(took.ours / took.real);
  }
  console.log(`ours / real: ${ratios.map((one) => one.toFixed(2)).join(', ')}`);
  return ratios.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

describe.skipIf('reason' in found)('beside Toxiproxy', () => {
  it(
    'lets 1,000 clients in that come at once',
    async () => {
      const slowest = await ratio(async (_program, port) => {
        const { clients, slowestMs } = await connectAtOnce(port, 1_000);
        await Promise.all(clients.map(echo));
        for (const client of clients) client.resetAndDestroy();
        return slowestMs;
      });

      expect(slowest).toBeLessThan(3);
    },
    patienceMs,
  );

  // How long it takes is the machine's, where others want the processors, too: the real one has several threads.
  it.skipIf(!hasProc)(
    'adds 300 toxics on 100 busy connections, and takes them off, for as much processor time',
    async () => {
      const added = await ratio(async ({ url, child }, port) => {
        const { clients } = await connectAtOnce(port, 100);
        for (const client of clients) await echo(client);
        const before = processorTicks(child.pid);
        for (let toxic = 0; toxic < 300; toxic += 1) {
          const { status } = await request(url, 'POST', '/proxies/p/toxics', {
            name: `t${toxic}`,
            type: 'noop',
          });
          expect(status).toBe(200);
        }
        expect((await request(url, 'POST', '/reset')).status).toBe(204);
        const ticks = processorTicks(child.pid) - before;
        for (const client of clients) await echo(client);
        for (const client of clients) client.destroy();
        return ticks;
      });

      expect(added).toBeLessThan(2);
    },
    patienceMs,
  );
});
