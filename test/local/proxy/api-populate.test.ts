/** `POST /populate` with toxics and with addresses in other spellings: what is kept, what is ignored, what is refused. */
import { expect, it, onTestFinished } from 'vitest';
import type { Compatibility } from '../../../proxy/index.ts';
import { Rig } from './rig.ts';

const upstream = 'localhost:1';
const toxics = [{ type: 'latency', attributes: { latency: 5 } }];

/** What a client of Toxiproxy does with the dump of a server: fill it, then add the toxics. */
async function fillThenAdd(compatibility: Compatibility, path: '/proxies' | '/populate') {
  await using rig = await Rig.start({ compatibility });
  const proxy = { name: 'p', listen: '127.0.0.1:0', upstream, toxics };
  const filled = await rig.api('POST', path, path === '/populate' ? [proxy] : proxy);
  const added = await rig.addToxic({ type: 'latency', attributes: { latency: 7 } });
  return [filled.status, added.status];
}

it.each([
  '/proxies',
  '/populate',
] as const)('takes the toxics of %s, and ignores them where Toxiproxy is followed', async (path) => {
  expect(await fillThenAdd('none', path)).toEqual([201, 409]);
  expect(await fillThenAdd('toxiproxy', path)).toEqual([201, 200]);
});

it('ignores even toxics that are none where Toxiproxy is followed', async () => {
  await using rig = await Rig.start({ compatibility: 'toxiproxy' });

  const { status } = await rig.api('POST', '/populate', [{ name: 'p', upstream, toxics: 'none' }]);

  expect(status).toBe(201);
});

it.each([
  [{ type: 'latencyy' }, 'invalid toxic type at toxic 1 at proxy 2 "b"'],
  [{ type: 'noop', stream: 'down', name: 'n' }, /^stream was invalid.* at toxic 1 "n" at proxy 2 "b"$/],
  [
    { type: 'bandwidth', attributes: { rate: -1 } },
    'invalid attribute rate: expected at least 0, got -1 at toxic 1 at proxy 2 "b"',
  ],
  [
    { type: 'latency', attributes: { latency: '5' } },
    /^bad request body: .*\.attributes\.latency of type int64 at toxic 1 at proxy 2 "b"$/,
  ],
  [{ type: 'stall', only: { nht: [1] } }, /^invalid attribute only: .* at toxic 1 at proxy 2 "b"$/],
  [7, /^bad request body: .* at toxic 1 at proxy 2 "b"$/],
])('refuses %j in a proxy by its place, and does nothing of the rest', async (toxic, message) => {
  await using rig = await Rig.start();

  const { status, json } = await rig.api('POST', '/populate', [
    { name: 'a', upstream },
    { name: 'b', upstream, toxics: [toxic] },
  ]);

  expect(status).toBe(400);
  expect(json).toMatchObject({
    error: typeof message === 'string' ? message : expect.stringMatching(message),
    proxies: null,
  });
  expect((await rig.api('GET', '/proxies')).json).toEqual({});
});

it('names the proxy whose own field is wrong', async () => {
  await using rig = await Rig.start();

  const { json } = await rig.api('POST', '/populate', [{ name: 'a', upstream, tls: 5 }, { upstream: 7 }]);
  const { json: other } = await rig.api('POST', '/populate', [{ name: 'a', upstream }, { upstream: 7 }]);

  expect(json).toMatchObject({ error: expect.stringMatching(/^invalid attribute tls: .* at proxy 1 "a"$/) });
  expect(other).toMatchObject({ error: expect.stringMatching(/Proxy\.upstream of type string at proxy 2$/) });
});

const spellings = (port: number): string[] => [`:${port}`, `0.0.0.0:${port}`, `[::]:${port}`];

it('leaves a proxy alone, with its toxics, whatever the spelling of every interface', async () => {
  await using rig = await Rig.start();
  const filled = await rig.api('POST', '/populate', [{ name: 'p', listen: '0.0.0.0:0', upstream, toxics }]);
  const { proxies } = filled.json as { proxies: { listen: string }[] };
  const port = Number(proxies[0]?.listen.split(':').at(-1));

  for (const listen of spellings(port)) {
    const { json } = await rig.api('POST', '/populate', [{ name: 'p', listen, upstream }]);
    expect(json, listen).toMatchObject({ proxies: [{ toxics: [{ type: 'latency' }] }] });
  }
});

it('leaves a proxy alone that never listened, with its toxics', async () => {
  await using rig = await Rig.start();
  const entry = { name: 'p', listen: 'localhost:1', upstream, enabled: false };
  await rig.api('POST', '/populate', [{ ...entry, toxics }]);

  const { json } = await rig.api('POST', '/populate', [entry]);

  expect(json).toMatchObject({ proxies: [{ toxics: [{ type: 'latency' }] }] });
});

it('ends no connection when an update says the same address in another spelling', async () => {
  await using rig = await Rig.start();
  const echo = `127.0.0.1:${await rig.serveEcho()}`;
  const { json } = await rig.api('POST', '/proxies', { name: 'p', listen: ':0', upstream: echo });
  const port = Number((json as { listen: string }).listen.split(':').at(-1));
  const client = await rig.connect(port);

  for (const [index, listen] of spellings(port).entries()) {
    await rig.api('PATCH', '/proxies/p', { listen });
    client.write('x');
    await client.receive(index + 1);
  }

  expect(rig.eventsOf('close')).toEqual([]);
});

it('takes another spelling for a move where Toxiproxy is followed', async () => {
  await using rig = await Rig.start({ compatibility: 'toxiproxy' });
  const { json } = await rig.api('POST', '/proxies', { name: 'p', listen: ':0', upstream });
  const port = Number((json as { listen: string }).listen.split(':').at(-1));
  await rig.addToxic({ type: 'noop' });

  const again = await rig.api('POST', '/populate', [{ name: 'p', listen: `0.0.0.0:${port}`, upstream }]);

  expect(again.json).toMatchObject({ proxies: [{ listen: `[::]:${port}`, toxics: [] }] });
});

/** Counts the turns of the event loop, and how much processor time the longest of them took, ms. */
function watchTurns(): { readonly turns: number; readonly longestMs: number; readonly allMs: number } {
  const seen = { turns: 0, longestMs: 0, allMs: 0 };
  let before = process.threadCpuUsage();
  let counting = setImmediate(function count() {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    seen.turns += 1;
    seen.allMs += (user + system) / 1_000;
    seen.longestMs = Math.max(seen.longestMs, (user + system) / 1_000);
    counting = setImmediate(count);
  });
  onTestFinished(() => clearImmediate(counting));
  return seen;
}

it('lets everything else have its turn before each of many proxies', async () => {
  await using rig = await Rig.start();
  const entries = Array.from({ length: 2_000 }, (_, index) => ({
    name: String(index),
    listen: 'localhost:1',
    upstream,
    enabled: false,
  }));
  const seen = watchTurns();

  const { status } = await rig.api('POST', '/populate', entries);

  expect(status).toBe(201);
  expect(seen.turns).toBeGreaterThan(entries.length);
});

// On many addresses: to find a free port among thousands that are taken costs the kernel a millisecond each.
it('takes 10,000 proxies beside one that is there, in turns of which none takes a third of it all', async () => {
  await using rig = await Rig.start({ limits: { operationMs: 600_000 } });
  const port = await rig.proxy(await rig.serveEcho());
  const client = await rig.connect(port);
  const entries = Array.from({ length: 10_000 }, (_, index) => ({
    name: String(index),
    listen: `127.0.${index % 250}.1:0`,
    upstream,
  }));
  const seen = watchTurns();

  const { status } = await rig.api('POST', '/populate', entries);

  expect(status).toBe(201);
  expect(seen.longestMs / seen.allMs).toBeLessThan(1 / 3);
  client.write('still there');
  await client.receive(11);
  expect(client.text).toBe('still there');
}, 120_000);
