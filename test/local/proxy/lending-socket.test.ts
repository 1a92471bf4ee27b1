/** Sockets that lend what they read. */
import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import { adopt, LendingSocket, lendingDial } from '../../../proxy/engine/lending-socket.ts';
import { clientAdmitted } from '../../../proxy/engine/reading-turns.ts';

/** A connection whose accepted side is adopted, and ended with the test. */
async function connected() {
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const dialled = lendingDial({ host: '127.0.0.1', port }) as LendingSocket;
  const [[socket]] = await Promise.all([once(server, 'connection'), once(dialled, 'connect')]);
  const accepted = adopt(socket) as LendingSocket;
  return {
    dialled,
    accepted,
    [Symbol.dispose]() {
      for (const end of [dialled, accepted]) end.destroy();
      server.close();
    },
  };
}

it('takes over accepted sockets, whose addresses, ends and resets are as before', async () => {
  using pair = await connected();

  expect(pair.accepted).toBeInstanceOf(LendingSocket);
  expect(pair.accepted.remotePort).toBe(pair.dialled.localPort);
  const broken = once(pair.dialled.resume(), 'error');
  pair.accepted.resetAndDestroy();
  expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
});

it('does not read what it took over until it is told to', async () => {
  using pair = await connected();
  pair.dialled.write('early');

  expect(pair.accepted.bytesRead).toBe(0);
  const arrived = once(pair.accepted, 'data');
  pair.accepted.resume();
  expect(String(await arrived)).toBe('early');
});

it('gives `data` events memory of their own', async () => {
  using pair = await connected();
  const kept: Buffer[] = [];
  pair.accepted.on('data', (bytes: Buffer) => {
    kept.push(bytes);
    pair.accepted.write('.');
  });
  pair.accepted.resume();
  for (const text of ['first', 'other']) {
    pair.dialled.write(text);
    await once(pair.dialled, 'data');
  }

  expect(kept.map(String)).toEqual(['first', 'other']);
});

it.each([
  ['the same memory to a borrower that is done', true],
  ['other memory while the borrower still needs it', false],
])('lends %s', async (_what, done) => {
  using pair = await connected();
  const lent: Buffer[] = [];
  pair.accepted.borrower = (bytes) => {
    lent.push(bytes);
    pair.accepted.write('.');
    return done;
  };
  pair.accepted.resume();
  for (const text of ['first', 'other']) {
    pair.dialled.write(text);
    await once(pair.dialled, 'data');
  }

  expect(lent.map(String)).toEqual([done ? 'other' : 'first', 'other']);
  expect(lent[0]?.buffer === lent[1]?.buffer).toBe(done);
});

it('keeps for a borrower that pauses what arrives meanwhile, and the order', async () => {
  using pair = await connected();
  const events: string[] = [];
  pair.accepted.borrower = (bytes) => {
    events.push(`lent ${bytes}`);
    pair.accepted.pause().write('.');
    return true;
  };
  pair.accepted.on('data', (bytes) => events.push(`data ${bytes}`)).resume();
  pair.dialled.write('one');
  await once(pair.dialled, 'data');
  pair.dialled.write('two');
  await expect.poll(() => pair.accepted.readableLength).toBe(3);
  pair.accepted.resume();
  pair.dialled.write('three');
  await once(pair.dialled, 'data');

  expect(events).toEqual(['lent one', 'data two', 'lent three']);
});

it('reads 64 KiB at most, from the first read on', async () => {
  using pair = await connected();
  const lengths: number[] = [];
  pair.accepted.borrower = (bytes) => {
    lengths.push(bytes.length);
    return true;
  };
  pair.dialled.write(Buffer.alloc(200_000));
  await expect.poll(() => pair.dialled.writableLength).toBe(0);
  pair.accepted.resume();
  await expect.poll(() => lengths.reduce((sum, length) => sum + length, 0)).toBe(200_000);

  expect(lengths[0]).toBe(64 * 1024);
  expect(Math.max(...lengths)).toBe(64 * 1024);
});

it('reads on, after clients were let in, what waited meanwhile', async () => {
  using pair = await connected();
  const size = 8 * 1024 * 1024;
  let got = 0;
  pair.accepted.borrower = (bytes) => {
    got += bytes.length;
    clientAdmitted();
    return true;
  };
  pair.accepted.on('data', (bytes: Buffer) => {
    got += bytes.length;
  });
  pair.accepted.resume();

  pair.dialled.end(Buffer.alloc(size));
  await once(pair.accepted, 'end');

  expect(got).toBe(size);
});

it('uses the memory of closed sockets again, and never that of one that is open', async () => {
  const memories = new Set<ArrayBufferLike>();
  const exchange = async (): Promise<ArrayBufferLike[]> => {
    using pair = await connected();
    const seen = [];
    for (const [from, to] of [
      [pair.dialled, pair.accepted],
      [pair.accepted, pair.dialled],
    ] as const) {
      const { promise, resolve } = Promise.withResolvers<ArrayBufferLike>();
      to.borrower = (bytes) => {
        resolve(bytes.buffer);
        return true;
      };
      to.on('data', () => {}).resume();
      from.write('x');
      seen.push(await promise);
    }
    expect(seen[0]).not.toBe(seen[1]);
    const closed = [pair.dialled, pair.accepted].map((socket) => once(socket, 'close'));
    for (const socket of [pair.dialled, pair.accepted]) socket.destroy();
    await Promise.all(closed);
    return seen;
  };
  for (let connection = 0; connection < 20; connection += 1) {
    for (const memory of await exchange()) memories.add(memory);
  }

  expect(memories.size).toBeLessThan(20);
});
