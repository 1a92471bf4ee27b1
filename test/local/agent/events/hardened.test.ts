/** The hardened event reader against a server that breaks its streams. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type EventReaderPolicy, startHardenedEventReader } from '../../../../services/agent/events/index.ts';
import { dialTcp } from '../../../../services/agent/shared/dial.ts';
import { scaledClock, systemClock } from '../../../../services/clock.ts';
import { seededRandom } from '../../../../services/random.ts';

/** Reads from a server that answers the first, second … request so; what it does not name stays open and silent. */
async function start(
  answers: readonly ((response: ServerResponse) => void)[],
  policy: Partial<EventReaderPolicy> = {},
) {
  const asked: IncomingHttpHeaders[] = [];
  const server = createServer(({ headers }, response) => {
    asked.push(headers);
    const answer = answers[asked.length - 1] ?? stream('');
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const events: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const reader = startHardenedEventReader(
    {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
      token: 'secret-token',
      clock: scaledClock(systemClock(), 100),
      random: seededRandom(1),
      dial: dialTcp,
      log: { write: (line) => lines.push(JSON.parse(line)) },
      onEvent: ({ id, data }) => events.push(`${id}: ${data}`),
    },
    policy,
  );
  onTestFinished(async () => {
    await reader[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });
  return { asked, events, lines, reader };
}

const stream =
  (text: string, then: (response: ServerResponse) => void = () => {}) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text);
    response.flushHeaders();
    then(response);
  };
const refuse = (status: number) => (response: ServerResponse) => void response.writeHead(status).end();

it('goes on from the last whole event where a stream is cut, and waits as long as it was told', async () => {
  const { asked, events, lines } = await start([
    stream('retry: 7000\n\nid: 1\ndata: a\n\nid: 2\ndata: cut in the mid', (response) => {
      response.write('dle', () => response.destroy());
    }),
    stream('id: 2\ndata: b\n\n'),
  ]);

  await expect.poll(() => events).toEqual(['1: a', '2: b']);
  expect(asked.map((headers) => headers['last-event-id'])).toEqual([undefined, '1']);
  const [lost] = lines;
  expect(lost).toMatchObject({
    event: 'event_stream_lost',
    level: 'debug',
    code: 'ECONNRESET',
    lastEventId: '1',
  });
  expect(lost?.delayMs).toBeGreaterThanOrEqual(7_000);
});

it('takes a silent stream for dead, and a comment for a sign of life', async () => {
  const { asked, lines } = await start([stream('id: 4\ndata: a\n\n: alive\n\n')], {
    silenceTimeoutMs: 20_000,
  });

  await expect.poll(() => asked.length).toBe(2);
  expect(asked[1]?.['last-event-id']).toBe('4');
  expect(lines[0]).toMatchObject({ code: 'DEADLINE_EXCEEDED', category: 'timeout' });
});

it('waits longer after each connection that brought nothing', async () => {
  const { asked, lines } = await start([refuse(503), refuse(503), refuse(503)]);

  await expect.poll(() => asked.length).toBe(4);
  const delays = lines.map(({ delayMs }) => Number(delayMs));
  expect(delays[0]).toBeLessThan(4_000);
  expect(delays[2]).toBeGreaterThan(9_000);
});

it.each([204, 401, 403])('asks no more after %d, and says so once without the token', async (status) => {
  const { asked, lines, reader } = await start([refuse(status)]);
  await reader.ended;

  expect(asked).toHaveLength(1);
  expect(lines).toMatchObject([{ event: 'event_stream_refused', level: 'error' }]);
  expect(JSON.stringify(lines)).not.toContain('secret-token');
});

it('stops while it reads, waits, or is being answered', async () => {
  for (const answer of [stream('data: a\n\n'), refuse(503), () => {}]) {
    const { asked, reader } = await start([answer]);
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    await reader[Symbol.asyncDispose]();
  }
});
