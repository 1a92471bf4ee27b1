/**
 * What `compatibility: 'toxiproxy'` changes, beside what is done without it. That the real server does these things is
 * measured by `test/differential`.
 */
import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import { tcpDial } from '../../../proxy/core/dial.ts';
import type { Compatibility, Dial } from '../../../proxy/index.ts';
import { type Client, Rig, staysOpen } from './rig.ts';

/** The same in both settings: `[without, with]`. */
async function inBoth<T>(
  look: (rig: Rig, compatibility: Compatibility) => Promise<T>,
  options: { dial?: () => Dial } = {},
): Promise<T[]> {
  const seen: T[] = [];
  for (const compatibility of ['none', 'toxiproxy'] satisfies Compatibility[]) {
    const dial = options.dial?.();
    await using rig = await Rig.start({ compatibility, ...(dial && { dial }) });
    seen.push(await look(rig, compatibility));
  }
  return seen;
}

/** A client through a proxy, and its connection at the server. */
async function pair(
  rig: Rig,
  toxics: readonly object[] = [],
): Promise<{ client: Client; server: net.Socket }> {
  const accepted = Promise.withResolvers<net.Socket>();
  const port = await rig.proxy(await rig.serve((socket) => accepted.resolve(socket)), toxics);
  const client = await rig.connect(port);
  const server = await accepted.promise;
  server.resume();
  client.write('hello');
  await once(server, 'data');
  return { client, server };
}

it('closes the whole connection at a FIN', async () => {
  const received = await inBoth(async (rig) => {
    const { client, server } = await pair(rig);
    server.once('end', () => setImmediate(() => server.end('answer')));
    client.socket.end();
    return `${(await client.ending).how} ${client.text}`.trim();
  });

  expect(received).toEqual(['end answer', 'end']);
});

it('hands a reset on as a FIN, after what was sent before', async () => {
  const endings = await inBoth(async (rig) => {
    const { client, server } = await pair(rig);
    server.resetAndDestroy();
    return (await client.ending).how;
  });

  expect(endings).toEqual(['ECONNRESET', 'end']);
});

it('tells in its events whose FIN or RST ended the connection', async () => {
  const ends = await inBoth(async (rig) => {
    const first = await pair(rig);
    first.client.socket.end();
    first.server.end();
    await expect.poll(() => rig.eventsOf('close')).toHaveLength(1);
    return rig.eventsOf('close').map(({ end, by }) => `${end} by ${by}`);
  });

  expect(ends).toEqual([['fin by client'], ['fin by client']]);
});

it('serves the next client only when the last one’s server has answered', async () => {
  /** The first server never answers. */
  const dial = (): Dial => {
    let dialled = 0;
    return (target) => {
      dialled += 1;
      return dialled === 1 ? new net.Socket() : tcpDial(target);
    };
  };
  const answered = await inBoth(
    async (rig, compatibility) => {
      const port = await rig.proxy(await rig.serveEcho());
      await rig.connect(port);
      const second = await rig.connect(port);
      second.write('x');
      const served = second.receive(1).then(() => 'served');
      const waiting = new Promise<string>((resolve) => setTimeout(resolve, 200, 'waits'));
      const before = await (compatibility === 'none' ? served : Promise.race([served, waiting]));
      await rig.api('POST', '/proxies/p', { enabled: false });
      return `${before}, ${(await second.ending).how}`;
    },
    { dial },
  );

  expect(answered[0]).toMatch(/^served, /);
  expect(answered[1]).toMatch(/^waits, /);
});

it('makes every end a reset on connections that began under a reset_peer', async () => {
  const endings = await inBoth(async (rig) => {
    const { client, server } = await pair(rig, [{ type: 'reset_peer', toxicity: 0 }]);
    server.end();
    return (await client.ending).how;
  });

  expect(endings).toEqual(['end', 'ECONNRESET']);
});

it('closes by FIN a connection that was open before the reset_peer', async () => {
  const endings = await inBoth(async (rig) => {
    const { client, server } = await pair(rig);
    await rig.addToxic({ type: 'reset_peer' });
    if (!server.destroyed) server.write('x');
    return (await client.ending).how;
  });

  expect(endings).toEqual(['ECONNRESET', 'end']);
});

it('deleting a timeout closes connections that it left alone', async () => {
  const connections = await inBoth(async (rig, compatibility) => {
    const { client } = await pair(rig, [{ type: 'timeout', toxicity: 0 }]);
    await rig.api('DELETE', '/proxies/p/toxics/timeout_downstream');
    if (compatibility === 'none' && (await staysOpen(client, 100))) return 'open';
    return (await client.ending).how;
  });

  expect(connections).toEqual(['open', 'end']);
});

it('draws anew on open connections when a toxic is changed, or another added behind it', async () => {
  const drawn = await inBoth(async (rig) => {
    const port = await rig.proxy(await rig.serveEcho(), [{ type: 'noop', toxicity: 0.5 }]);
    for (let connection = 0; connection < 30; connection += 1) await rig.connect(port);
    await expect.poll(() => rig.eventsOf('upstream-open')).toHaveLength(30);
    const affected = (): string =>
      rig.server
        .listConnections()
        .map(({ toxics }) => Number(toxics.includes('noop_downstream')))
        .join('');
    const before = affected();
    await rig.api('PATCH', '/proxies/p/toxics/noop_downstream', {});
    const changed = affected();
    await rig.addToxic({ type: 'latency' });
    return [changed === before, affected() === changed];
  });

  expect(drawn).toEqual([
    [true, true],
    [false, false],
  ]);
});

it('makes the right part of a change that is refused', async () => {
  const shown = await inBoth(async (rig) => {
    await rig.proxy(1, [{ name: 't', type: 'latency', attributes: { latency: 10 } }]);
    const change = { attributes: { latency: 20, jitter: 'x' } };
    expect((await rig.api('PATCH', '/proxies/p/toxics/t', change)).status).toBe(400);
    return (await rig.api('GET', '/proxies/p/toxics/t')).json;
  });

  expect(shown).toMatchObject([{ attributes: { latency: 10 } }, { attributes: { latency: 20 } }]);
});
