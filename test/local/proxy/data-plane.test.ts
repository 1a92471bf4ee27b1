/** What becomes of bytes, FIN and RST over real sockets; numbers in brackets are those of the conformance checklist. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import { tcpDial } from '../../../proxy/core/dial.ts';
import { watchStalls } from '../../support/stalls.ts';
import { Rig } from './rig.ts';

/** Answers each chunk with the same bytes; ends when told `bye`. */
const chatty = (socket: net.Socket): void => {
  socket.on('data', (bytes) => {
    socket.write(bytes);
    if (String(bytes).includes('bye')) socket.end();
  });
};

it('carries ten megabytes there and back unharmed [70]', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho(), [{ type: 'noop' }]);
  const sent = randomBytes(10 * 1024 * 1024);
  const client = await rig.connect(port);
  const received: Buffer[] = [];
  client.socket.on('data', (bytes: Buffer) => received.push(bytes));

  client.socket.end(sent);
  await client.ending;

  expect(Buffer.concat(received).equals(sent)).toBe(true);
});

it('closes the client when the server is down, and stays up itself [71]', async () => {
  await using rig = await Rig.start();
  const dead = await rig.serveEcho();
  const free = net.createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port: nobody } = free.address() as net.AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const port = await rig.proxy(nobody);
  const client = await rig.connect(port);

  expect(['end', 'ECONNRESET']).toContain((await client.ending).how);
  expect(rig.eventsOf('upstream-refused')).toMatchObject([{ connection: 1, code: 'ECONNREFUSED' }]);
  await rig.api('POST', '/proxies/p', { upstream: `127.0.0.1:${dead}` });
  const again = await rig.connect(port);
  again.write('x');
  await again.receive(1);
});

it('hands FIN on as FIN: a client that is done writing still gets the answer', async () => {
  await using rig = await Rig.start();
  const upstream = await rig.serve((socket) => {
    let request = '';
    socket.on('data', (bytes) => {
      request += bytes;
    });
    socket.on('end', () => socket.end(`answer to ${request}`));
  });
  const client = await rig.connect(await rig.proxy(upstream));

  client.socket.end('question');

  expect((await client.ending).how).toBe('end');
  expect(client.text).toBe('answer to question');
  await expect
    .poll(() => rig.eventsOf('close'))
    .toMatchObject([{ end: 'fin', by: 'client', bytesUp: 8, bytesDown: 18 }]);
});

it('delivers what the server sent before its FIN [72]', async () => {
  await using rig = await Rig.start();
  const client = await rig.connect(await rig.proxy(await rig.serve((socket) => socket.end('all of it'))));

  expect((await client.ending).how).toBe('end');
  expect(client.text).toBe('all of it');
});

it('hands RST on as RST, both ways', async () => {
  await using rig = await Rig.start();
  const serverEnding = Promise.withResolvers<string>();
  const upstream = await rig.serve((socket) => {
    socket.on('error', (error: NodeJS.ErrnoException) => serverEnding.resolve(error.code ?? ''));
    socket.on('data', (bytes) =>
      String(bytes) === 'reset me' ? socket.resetAndDestroy() : socket.write(bytes),
    );
  });
  const port = await rig.proxy(upstream);

  const isReset = await rig.connect(port);
  isReset.write('reset me');
  expect((await isReset.ending).how).toBe('ECONNRESET');

  const resets = await rig.connect(port);
  resets.write('hello');
  await resets.receive(5);
  resets.socket.resetAndDestroy();
  expect(await serverEnding.promise).toBe('ECONNRESET');
  await expect.poll(() => rig.eventsOf('close').length).toBe(2);
  expect(rig.eventsOf('close')).toMatchObject([
    { connection: 1, end: 'reset', by: 'upstream' },
    { connection: 2, end: 'reset', by: 'client' },
  ]);
});

it('lets a RST wait its turn behind delayed data', async () => {
  await using rig = await Rig.start();
  const upstream = await rig.serve((socket) => {
    socket.on('data', () => socket.write('last words', () => socket.resetAndDestroy()));
  });
  const client = await rig.connect(
    await rig.proxy(upstream, [{ type: 'latency', attributes: { latency: 80 } }]),
  );

  client.write('x');
  const { how, atMs } = await client.ending;

  expect(client.text).toBe('last words');
  expect(atMs).toBeGreaterThanOrEqual(80);
  expect(['end', 'ECONNRESET']).toContain(how);
});

it('makes a sender wait for a peer that does not read, and loses nothing', async () => {
  await using rig = await Rig.start();
  const size = 64 * 1024 * 1024;
  const reader = Promise.withResolvers<net.Socket>();
  const upstream = await rig.serve((socket) => reader.resolve(socket.pause()));
  const client = await rig.connect(await rig.proxy(upstream));
  const block = Buffer.alloc(1024 * 1024, 'x');
  let written = 0;
  let waiting = false;
  while (!waiting && written < size) {
    written += block.length;
    if (!client.socket.write(block)) {
      waiting = !(await Promise.race([once(client.socket, 'drain').then(() => true), silence(300)]));
    }
  }

  expect(written).toBeLessThan(size);
  expect(rig.server.listConnections()[0]?.bytesUp).toBeLessThan(size);
  const server = await reader.promise;
  let got = 0;
  server.on('data', (bytes) => {
    got += bytes.length;
  });
  server.resume();
  await expect.poll(() => got).toBe(written);
});

it('does not let one hanging dial hold up others, disabling or deleting [120]', async () => {
  let dials = 0;
  await using rig = await Rig.start({
    dial: (target) => {
      dials += 1;
      return dials === 1 ? new net.Socket() : tcpDial(target);
    },
  });
  const port = await rig.proxy(await rig.serveEcho());
  const hanging = await rig.connect(port);
  const fine = await rig.connect(port);
  fine.write('x');
  await fine.receive(1);
  expect(rig.server.listConnections().map(({ state }) => state)).toEqual(['dialling', 'open']);

  const [started, stalledMs] = [performance.now(), watchStalls()];
  expect((await rig.api('POST', '/proxies/p', { enabled: false })).status).toBe(200);
  expect((await rig.api('DELETE', '/proxies/p')).status).toBe(204);

  expect(performance.now() - started).toBeLessThan(1_000 + stalledMs());
  await hanging.ending;
});

it('changes toxics at once under a client that does not read [121]', async () => {
  await using rig = await Rig.start();
  const upstream = await rig.serve((socket) => socket.write(Buffer.alloc(32 * 1024 * 1024)));
  const port = await rig.proxy(upstream, [{ type: 'latency', attributes: { latency: 1 } }]);
  const client = await rig.connect(port);
  client.socket.pause();
  const bytesDown = (): number => rig.server.listConnections()[0]?.bytesDown ?? 0;
  await expect.poll(bytesDown).toBeGreaterThan(0);

  expect((await rig.addToxic({ type: 'slicer', attributes: { average_size: 10_000 } })).status).toBe(200);
  expect(
    (await rig.api('PATCH', '/proxies/p/toxics/latency_downstream', { attributes: { latency: 2 } })).status,
  ).toBe(200);
  expect((await rig.api('DELETE', '/proxies/p/toxics/latency_downstream')).status).toBe(204);
  expect((await rig.api('GET', '/proxies')).status).toBe(200);
  client.socket.resume();
  await client.receive(32 * 1024 * 1024);
});

it('delays one direction and not the other [76, 83, 107]', async () => {
  await using rig = await Rig.start();
  const arrivals: number[] = [];
  const upstream = await rig.serve((socket) =>
    socket.on('data', (bytes) => {
      arrivals.push(performance.now());
      socket.write(bytes);
    }),
  );
  const client = await rig.connect(await rig.proxy(upstream));
  client.write('a');
  expect(await client.receive(1)).toBeLessThan(100);
  await rig.addToxic({ type: 'latency', attributes: { latency: 200 } });

  const sent = performance.now();
  client.write('b');
  expect(await client.receive(2)).toBeGreaterThanOrEqual(199);
  expect((arrivals[1] ?? 0) - sent).toBeLessThan(100);

  await rig.api('PATCH', '/proxies/p/toxics/latency_downstream', { toxicity: 0 });
  client.write('c');
  expect(await client.receive(3)).toBeLessThan(100);
});

it('flushes what latency holds, in order, when it is deleted [80, 81, 110]', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serve(chatty), [
    { type: 'noop', name: 'first' },
    { type: 'latency', attributes: { latency: 20_000 } },
    { type: 'latency', name: 'third', attributes: { latency: 100 } },
  ]);
  const client = await rig.connect(port);
  for (const message of ['one ', 'two ', 'three ']) client.write(message);
  await expect.poll(() => rig.eventsOf('strike').length).toBe(1);

  await rig.api('DELETE', '/proxies/p/toxics/latency_downstream');

  expect(await client.receive(14)).toBeLessThan(1_000);
  expect(client.text).toBe('one two three ');
});

it('drops what latency holds when the proxy is disabled [112]', async () => {
  await using rig = await Rig.start();
  const client = await rig.connect(
    await rig.proxy(await rig.serve(chatty), [{ type: 'latency', attributes: { latency: 20_000 } }]),
  );
  client.write('x');
  await expect.poll(() => rig.eventsOf('strike').length).toBe(1);

  await rig.api('POST', '/proxies/p', { enabled: false });

  expect((await client.ending).how).toBe('end');
  expect(client.text).toBe('');
});

it('paces 50 000 bytes to 100 KB/s, each connection by itself [84]', async () => {
  await using rig = await Rig.start();
  const upstream = await rig.serve((socket) => socket.on('data', () => socket.write(Buffer.alloc(50_000))));
  const port = await rig.proxy(upstream, [{ type: 'bandwidth', attributes: { rate: 100 } }]);
  const clients = [await rig.connect(port), await rig.connect(port)];
  const stalledMs = watchStalls();
  for (const client of clients) client.write('go');

  for (const ms of await Promise.all(clients.map((client) => client.receive(50_000)))) {
    expect(ms).toBeGreaterThanOrEqual(480);
    expect(ms).toBeLessThan(900 + stalledMs());
  }
});

it('closes with FIN by timeout, slow_close and limit_data [87, 90, 91, 94, 102]', async () => {
  await using rig = await Rig.start();
  const echo = await rig.serve(chatty);

  const timedOut = await rig.connect(
    await rig.proxy(echo, [{ type: 'timeout', attributes: { timeout: 100 } }], 'timeout'),
  );
  expect(await timedOut.ending).toMatchObject({ how: 'end' });

  const held = await rig.connect(await rig.proxy(echo, [{ type: 'timeout' }], 'zero'));
  held.write('x');
  await expect.poll(() => rig.eventsOf('strike').filter(({ proxy }) => proxy === 'zero').length).toBe(1);

  const slow = await rig.connect(
    await rig.proxy(echo, [{ type: 'slow_close', attributes: { delay: 200 } }], 'slow'),
  );
  slow.write('bye');
  await slow.receive(3);
  const gotData = performance.now();
  expect((await slow.ending).how).toBe('end');
  expect(performance.now() - gotData).toBeGreaterThanOrEqual(150);

  const limited = await rig.connect(
    await rig.proxy(echo, [{ type: 'limit_data', attributes: { bytes: 10 } }], 'limit'),
  );
  limited.write('123456789012345');
  expect((await limited.ending).how).toBe('end');
  expect(limited.text).toBe('1234567890');

  await rig.api('POST', '/reset');
  expect((await held.ending).how).toBe('end');
});

it('resets both ends by reset_peer, also on a connection that was open before [95, 96, 97, 122]', async () => {
  await using rig = await Rig.start();
  const serverErrors: string[] = [];
  const upstream = await rig.serve((socket) => {
    socket.on('error', (error: NodeJS.ErrnoException) => serverErrors.push(error.code ?? ''));
    chatty(socket);
  });
  const client = await rig.connect(await rig.proxy(upstream));
  client.write('x');
  await client.receive(1);
  await rig.addToxic({ type: 'reset_peer' });
  client.write('y');

  expect((await client.ending).how).toBe('ECONNRESET');
  expect(client.text).toBe('x');
  await expect.poll(() => serverErrors).toEqual(['ECONNRESET']);
  expect(rig.eventsOf('strike')).toMatchObject([
    { toxic: 'reset_peer_downstream', connection: 1, delivered: false },
  ]);

  await rig.api('PATCH', '/proxies/p/toxics/reset_peer_downstream', { attributes: { timeout: 60_000 } });
  const waiting = await rig.connect(
    rig.server.proxies[0] ? Number(rig.server.proxies[0].listen.split(':')[1]) : 0,
  );
  waiting.write('z');
  await expect.poll(() => rig.eventsOf('strike').length).toBe(2);
  expect((await rig.api('DELETE', '/proxies/p/toxics/reset_peer_downstream')).status).toBe(204);
  expect((await waiting.ending).how).toBe('ECONNRESET');
});

it('affects a share of connections by toxicity, the same ones for the same seed [106]', async () => {
  const struck = async (seed: number): Promise<number[]> => {
    await using rig = await Rig.start({ seed });
    const port = await rig.proxy(await rig.serve(chatty), [
      { type: 'limit_data', attributes: { bytes: 1 }, toxicity: 0.5 },
    ]);
    for (let index = 0; index < 200; index += 1) {
      const client = await rig.connect(port);
      client.write('ab');
      await Promise.race([client.ending, client.receive(2)]);
      client.destroy();
    }
    return rig.eventsOf('strike').map(({ connection }) => connection);
  };
  const first = await struck(1);

  expect(first.length).toBeGreaterThan(70);
  expect(first.length).toBeLessThan(130);
  expect(await struck(1)).toEqual(first);
  expect(await struck(2)).not.toEqual(first);
});

function silence(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}
