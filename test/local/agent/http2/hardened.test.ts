/** The hardened reporter over HTTP/2 against a server that refuses, resets and asks for calm. */
import { once } from 'node:events';
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { startHardenedReporter } from '../../../../services/agent/http2/index.ts';
import { dialTcp } from '../../../../services/agent/shared/dial.ts';
import { scaledClock, systemClock } from '../../../../services/clock.ts';
import { seededRandom } from '../../../../services/random.ts';

type Answer = (stream: ServerHttp2Stream) => void;

/** A server that answers the first, second … request so, the others with 204; and a reporter that it hears of every 5 s. */
async function start(answers: readonly Answer[], pace = 100) {
  const asked: { sequence: number; key: string; session: number }[] = [];
  const sessions: ServerHttp2Session[] = [];
  const server = createServer();
  server.on('session', (session) => void sessions.push(session.on('error', () => {})));
  server.on('stream', async (stream, headers) => {
    stream.on('error', () => {});
    const session = sessions.indexOf(stream.session as ServerHttp2Session);
    const { sequence } = (await json(stream)) as { sequence: number };
    asked.push({ sequence, key: String(headers['idempotency-key']), session });
    (answers[asked.length - 1] ?? done)(stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lines: Record<string, unknown>[] = [];
  const reporter = startHardenedReporter({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'secret-token',
    intervalMs: 5_000,
    clock: scaledClock(systemClock(), pace),
    random: seededRandom(1),
    dial: dialTcp,
    log: { write: (line) => lines.push(JSON.parse(line)) },
  });
  onTestFinished(async () => {
    await reporter[Symbol.asyncDispose]();
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { asked, lines };
}

const done: Answer = (stream) => stream.respond({ ':status': 204 }, { endStream: true });
const resetWith =
  (code: number): Answer =>
  (stream) =>
    stream.close(code);
const goAway =
  (code: number, lastStream: number): Answer =>
  ({ session }) =>
    session?.goaway(code, lastStream);

it('repeats at once what a GOAWAY leaves out, over a new connection and under the same key', async () => {
  const { asked, lines } = await start([done, goAway(constants.NGHTTP2_NO_ERROR, 1)]);

  await expect.poll(() => asked.length).toBeGreaterThan(3);
  expect(asked.map(({ sequence, session }) => [sequence, session])).toEqual(
    expect.arrayContaining([
      [1, 0],
      [2, 0],
      [2, 1],
      [3, 1],
    ]),
  );
  expect(asked[2]?.key).toBe(asked[1]?.key);
  expect(lines[0]).toMatchObject({
    event: 'report_attempt_failed',
    unprocessed: true,
    delayMs: 0,
    level: 'debug',
  });
});

it('repeats what the server may have done under the same key, after a wait', async () => {
  const { asked, lines } = await start([resetWith(constants.NGHTTP2_INTERNAL_ERROR)]);

  await expect.poll(() => asked.length).toBeGreaterThan(1);
  expect(asked[1]).toEqual(asked[0]);
  expect(lines[0]).toMatchObject({ code: 'INTERNAL_ERROR', unprocessed: false });
  expect(lines[0]?.delayMs).toBeGreaterThanOrEqual(900);
});

it.each([
  ['RST_STREAM', resetWith(constants.NGHTTP2_ENHANCE_YOUR_CALM)],
  ['GOAWAY', goAway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0)],
])('waits longer and longer when a %s asks for calm', async (_frame, calm) => {
  // At a pace at which a busy machine does not make an answer late.
  const { asked, lines } = await start([calm, calm], 10);

  await expect.poll(() => asked.length).toBeGreaterThan(2);
  expect(lines).toMatchObject([{ code: 'ENHANCE_YOUR_CALM' }, { code: 'ENHANCE_YOUR_CALM' }]);
  expect(lines[0]?.delayMs).toBeGreaterThanOrEqual(9_000);
  expect(lines[1]?.delayMs).toBeGreaterThanOrEqual(18_000);
});

it('gives up an answer that does not come, and a server that fails', async () => {
  const { asked, lines } = await start([
    () => {},
    (stream) => stream.respond({ ':status': 503 }, { endStream: true }),
  ]);

  await expect.poll(() => asked.length).toBeGreaterThan(2);
  expect(lines).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }, { code: 'HTTP_503' }]);
});
