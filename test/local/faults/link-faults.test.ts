/**
 * The contract of a fault on a link, on real sockets: it strikes and says so, and once it is lifted a new connection works as
 * if it had never been. Toxics of each kind of effect stand for all of them; the proxy's own suites play every one.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../harness/faults/fault.ts';
import { toxic } from '../../../harness/faults/toxic.ts';
import { startLocalTable } from '../../../harness/worlds/local/table.ts';
import type { Table } from '../../../harness/worlds/table.ts';
import { defineToxic, duration, pass, registerToxic, until } from '../../../proxy/index.ts';

const message = 'twelve bytes';
/** No scenario here asks for a database. */
const noDatabase = {} as Parameters<typeof startLocalTable>[0]['database'];

const faults: { fault: Fault; tls?: boolean; struckBy: string }[] = [
  { fault: toxic({ type: 'silence_accept' }), struckBy: 'a connection' },
  { fault: toxic({ type: 'bandwidth', attributes: { rate: 1 } }), struckBy: 'a message' },
  { fault: toxic({ type: 'blackhole', stream: 'upstream' }), struckBy: 'a message' },
  { fault: toxic({ type: 'blackhole' }), struckBy: 'an answer' },
  { fault: toxic({ type: 'tls_cut' }), tls: true, struckBy: 'a handshake' },
  { fault: toxic({ type: 'latency', attributes: { latency: 500 } }), struckBy: 'an answer' },
  { fault: toxic({ type: 'limit_data', attributes: { bytes: 4 } }), struckBy: 'an answer' },
  { fault: toxic({ type: 'reset_after', attributes: { bytes: 1 } }), struckBy: 'an answer' },
  { fault: toxic({ type: 'reset_idle', attributes: { after: 1_000 } }), struckBy: 'silence' },
  { fault: toxic({ type: 'slicer', attributes: { average_size: 2 } }), struckBy: 'an answer' },
  { fault: toxic({ type: 'stall', stream: 'upstream' }), struckBy: 'a message' },
];

/** A table with this fault on the link `a→b` from its start. */
function startTable(fault: Fault): ReturnType<typeof startLocalTable> {
  return startLocalTable({
    scenario: 'contract/link-fault',
    subject: 'hardened',
    seed: 1,
    pace: 10,
    faults: { f: { fault, link: 'a→b' } },
    database: noDatabase,
  });
}

/** A server that says back what it hears. */
async function echoServer(table: Table, tls: boolean): Promise<number> {
  const echo = (socket: Socket): void => void socket.on('error', () => {}).pipe(socket);
  const { chainPem, keyPem } = await table.authority.issue({ hosts: ['localhost'] });
  const server = tls ? createTlsServer({ cert: chainPem, key: keyPem }, echo) : createServer(echo);
  server.on('tlsClientError', () => {});
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  table.serve({
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return (server.address() as { port: number }).port;
}

/** Sends the message; resolves with what came back before the end, or the whole echo. */
function say(table: Table, port: number, tls: boolean): Promise<string> {
  const socket = tls
    ? connectTls({ host: 'localhost', port, ca: table.authority.certPem, servername: 'localhost' })
    : connect({ host: '127.0.0.1', port });
  table.use({ [Symbol.asyncDispose]: async () => void socket.destroy() });
  socket.on('error', () => {});
  socket.write(message);
  return new Promise((resolve) => {
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString();
      if (heard === message) resolve(heard);
    });
    socket.on('close', () => resolve(heard));
  });
}

describe.each(faults)('$fault.kind, struck by $struckBy', ({ fault, tls = false }) => {
  it('strikes and says so, and lifts cleanly', async () => {
    const world = await startTable(fault);
    const { table } = world;
    const link = await table.link('a→b', { host: '127.0.0.1', port: await echoServer(table, tls) });

    void say(table, link.port, tls);
    const strike = await table.until({ kind: 'fault.strike', fault: 'f' }, { withinMs: 100_000 });
    await table.lift('f');
    const after = await Promise.race([say(table, link.port, tls), wait(10_000, 'nothing')]);
    const [report] = await world.close();

    expect(strike).toMatchObject({ link: 'a→b', faultKind: expect.any(String) });
    expect(after).toBe(message);
    expect(report).toMatchObject({ id: 'f', kind: fault.kind });
    expect(report?.strikes).toBeGreaterThan(0);
  });
});

it('makes a toxic of the user’s own on a link, in lab time', async () => {
  const late = defineToxic({
    type: 'test_late',
    attributes: { by: duration({ min: 0 }) },
    start: (context) => ({
      *chunk(chunk) {
        const { by } = context.attributes;
        if (context.strike({ reason: `late by ${by} ms`, bytes: chunk.bytes.length, delivered: true }))
          yield until(chunk.at + by);
        yield pass(chunk);
      },
    }),
  });
  registerToxic(late);
  const { table, close } = await startTable(toxic({ type: late, attributes: { by: 1_000 } }));
  const link = await table.link('a→b', { host: '127.0.0.1', port: await echoServer(table, false) });

  const heard = await say(table, link.port, false);
  const strike = await table.until({ kind: 'fault.strike', fault: 'f' }, { withinMs: 1_000 });
  await close();

  expect(heard).toBe(message);
  expect(strike).toMatchObject({ faultKind: 'test_late', reason: 'late by 100 ms' });
});

it('shows a toxic what is inside TLS on a link that answers TLS itself', async () => {
  const { table, close } = await startTable(toxic({ type: 'http_status', attributes: { status: 429 } }));
  const port = await echoServer(table, true);
  const link = await table.link('a→b', { host: 'localhost', port }, { tls: true });

  const socket = connectTls({ host: 'localhost', port: link.port, ca: table.authority.certPem });
  table.use({ [Symbol.asyncDispose]: async () => void socket.destroy() });
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  const [report] = await close();

  expect(answer.toString()).toMatch(/^HTTP\/1\.1 429 /);
  expect(report).toMatchObject({ kind: 'http_status', strikes: 1 });
});
