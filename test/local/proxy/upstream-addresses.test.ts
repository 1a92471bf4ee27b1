/** An upstream whose name has two addresses, one of which is dead, silent or slow: the other one serves, or it is waited for. */
import { type ChildProcess, spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished, vi } from 'vitest';
import { orSaySkipped } from './programs.ts';
import { Rig } from './rig.ts';

const hasIPv6 = orSaySkipped(
  Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1')),
  'there is no ::1',
);
/** How often a connect that got no answer is tried again, and how late: RFC 6298, section 2.1, says 1 s. */
const holdsSyns = orSaySkipped(process.platform === 'linux', 'only Linux drops SYNs where nobody accepts');

const name = 'two.example';
const addresses = [
  { address: '::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
];

/** Has the name resolve to ::1 first and 127.0.0.1 then, and every other as it does. */
function resolveToBoth(): void {
  const resolve = dns.lookup as (host: string, ...rest: unknown[]) => void;
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(((host: string, ...rest: unknown[]) => {
    const done = rest.at(-1) as (error: null, found: typeof addresses) => void;
    if (host === name) process.nextTick(done, null, addresses);
    else resolve(host, ...rest);
  }) as never);
  onTestFinished(() => spy.mockRestore());
}

/** A listener on ::1 that is stopped with its queue full: whoever comes then gets no answer. */
async function blackHole(port: number): Promise<ChildProcess> {
  const script = `require('net').createServer((socket) => socket.on('error', () => {}).pipe(socket))
    .listen({ host: '::1', port: ${port}, backlog: 1 }, () => console.log('listening'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  // The queue takes one more than the backlog; one that is not taken stays without an answer.
  const waiting = Array.from({ length: 6 }, () => net.connect({ host: '::1', port }));
  for (const socket of waiting) socket.on('error', () => {});
  onTestFinished(() => {
    for (const socket of waiting) socket.destroy();
  });
  await vi.waitUntil(() => waiting.filter(({ pending }) => !pending).length >= 2);
  return child;
}

/** A client behind a proxy to that name and port, which says something and waits for it to come back. */
async function echoBy(rig: Rig, port: number): Promise<string> {
  resolveToBoth();
  const proxy = { name: 'p', listen: '127.0.0.1:0', upstream: `${name}:${port}` };
  const { json } = await rig.api('POST', '/proxies', proxy);
  const client = await rig.connect(Number((json as { listen: string }).listen.split(':').at(-1)));
  client.write('echo');
  const ended = client.ending.then(({ how }) => how);
  return Promise.race([client.receive(4).then(() => client.text), ended]);
}

it.skipIf(!hasIPv6)('takes the second address where the first refuses', async () => {
  await using rig = await Rig.start();

  expect(await echoBy(rig, await rig.serveEcho())).toBe('echo');
});

it.skipIf(!hasIPv6 || !holdsSyns)('takes the second address where the first is silent', async () => {
  await using rig = await Rig.start();
  const port = await rig.serveEcho();
  await blackHole(port);

  expect(await echoBy(rig, port)).toBe('echo');
});

it.skipIf(!hasIPv6 || !holdsSyns)(
  'waits for a first address that answers late, with a dead one behind it',
  async () => {
    await using rig = await Rig.start();
    const taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as net.AddressInfo;
    taken.close();
    const slow = await blackHole(port);
    const echo = echoBy(rig, port);
    await vi.waitUntil(() => rig.eventsOf('open').length === 1);
    // The connect that follows the one without an answer comes a second later.
    slow.kill('SIGCONT');

    expect(await echo).toBe('echo');
  },
);
