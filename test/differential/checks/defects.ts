/** Where the real server crashes or hangs: it is not asked, ours has to answer in time and live on (checklist 119-122). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import type { Bench } from '../bench/bench.ts';
import { defect } from '../bench/check.ts';
import { ms } from '../bench/facts.ts';
import { pause } from '../bench/peer.ts';

/** A server whose backlog is full and which is stopped: a SYN to it gets no answer. */
async function silentPort(undo: AsyncDisposableStack): Promise<number> {
  const program =
    "const s = require('node:net').createServer(() => {}); s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))";
  const child = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  undo.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  const port = Number(line);
  child.kill('SIGSTOP');
  for (let filler = 0; filler < 8; filler += 1) {
    const socket = net.connect({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    undo.defer(() => void socket.destroy());
    const accepted = await Promise.race([
      once(socket, 'connect').then(() => true),
      pause(300).then(() => false),
    ]);
    if (!accepted) return port;
  }
  throw new Error('Expected the backlog to be full by now');
}

/** Whether the server still answers. */
async function alive(bench: Bench): Promise<string> {
  return String((await bench.api('GET', '/proxies')).status);
}

export const defects = [
  defect(
    119,
    'values that cannot work',
    'accepts them and crashes at the first byte',
    {
      'bandwidth -1': '400 invalid attribute rate: expected at least 0, got -1',
      'variation over average':
        '400 invalid attribute size_variation: expected at most average_size (1), got 50',
      'slicer without values': '200',
      received: 'whole',
      alive: '200',
    },
    async (bench) => {
      const server = await bench.server();
      const port = await bench.proxy(server.port);
      const path = '/proxies/p/toxics';
      const rate = await bench.asks('POST', path, { type: 'bandwidth', attributes: { rate: -1 } });
      const attributes = { average_size: 1, size_variation: 50 };
      const variation = await bench.asks('POST', path, { type: 'slicer', attributes });
      const { status } = await bench.api('POST', path, { type: 'slicer' });
      const pair = await bench.pair(port, server);
      pair.server.write('whole');
      await pair.client.got(5);
      return {
        'bandwidth -1': rate.shown,
        'variation over average': variation.shown,
        'slicer without values': status,
        received: pair.client.text,
        alive: await alive(bench),
      };
    },
  ),

  defect(
    120,
    'a server that does not answer the SYN',
    'no other client is served; disabling and deleting hang, deleting takes the whole API along',
    {
      'disabling takes': '0 ms',
      client: 'ended',
      'enabling takes': '0 ms',
      'deleting takes': '0 ms',
      alive: '200',
    },
    async (bench) => {
      await using undo = new AsyncDisposableStack();
      const port = await bench.proxy(await silentPort(undo));
      const client = await bench.client(port);
      await bench.client(port);
      await pause(50);
      const disabling = await bench.must('POST', '/proxies/p', { enabled: false });
      const { how } = await client.ended();
      const enabling = await bench.must('POST', '/proxies/p', { enabled: true });
      await bench.client(port);
      const deleting = await bench.must('DELETE', '/proxies/p');
      return {
        'disabling takes': ms(0, disabling.tookMs),
        client: how === 'open' ? 'open' : 'ended',
        'enabling takes': ms(0, enabling.tookMs),
        'deleting takes': ms(0, deleting.tookMs),
        alive: await alive(bench),
      };
    },
  ),

  defect(
    121,
    'changes under a client that does not read',
    'the call hangs; when the client then goes away, every list of proxies hangs until the proxy is deleted',
    {
      'adding takes': '0 ms',
      'changing takes': '0 ms',
      'deleting takes': '0 ms',
      'list takes': '0 ms',
      alive: '200',
    },
    async (bench) => {
      const server = await bench.server();
      const { client, server: peer } = await bench.pair(await bench.proxy(server.port), server);
      client.socket.pause();
      peer.write(Buffer.alloc(32 * 1024 * 1024));
      await pause(300);
      const adding = await bench.must('POST', '/proxies/p/toxics', { name: 't', type: 'bandwidth' });
      const changing = await bench.must('POST', '/proxies/p/toxics/t', { attributes: { rate: 10 } });
      const deleting = await bench.must('DELETE', '/proxies/p/toxics/t');
      await bench.toxic({ name: 'u', type: 'latency', attributes: { latency: 50 } });
      client.reset();
      await pause(100);
      const list = await bench.must('GET', '/proxies');
      return {
        'adding takes': ms(0, adding.tookMs),
        'changing takes': ms(0, changing.tookMs),
        'deleting takes': ms(0, deleting.tookMs),
        'list takes': ms(0, list.tookMs),
        alive: await alive(bench),
      };
    },
  ),

  defect(
    122,
    'deleting a reset_peer that waits',
    'the call takes until the wait is over',
    { 'deleting takes': '0 ms', alive: '200' },
    async (bench) => {
      const server = await bench.server();
      const toxic = { name: 't', type: 'reset_peer', attributes: { timeout: 20_000 } };
      const { server: peer } = await bench.pair(await bench.proxy(server.port, [toxic]), server);
      peer.write('dropped');
      await pause(100);
      const deleting = await bench.must('DELETE', '/proxies/p/toxics/t');
      return { 'deleting takes': ms(0, deleting.tookMs), alive: await alive(bench) };
    },
  ),
];
