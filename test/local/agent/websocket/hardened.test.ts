import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../../../proxy/certificates/index.ts';
import {
  createHardenedChannel,
  defaultChannelPolicy,
  type Environment,
} from '../../../../services/agent/websocket/index.ts';
import { watchStalls } from '../../../support/stalls.ts';
import { until } from '../../../support/until.ts';
import { channelOptions, clientToken, collectLog, httpAnswer, labPace, startPeer } from './peer.ts';

/** Node's timers may fire up to a millisecond of the wall clock early. */
const timerStepMs = 2 * labPace;

/** Waits for what no event tells; the test's own time-out is the bound. */
it('acknowledges what the server has acknowledged', async () => {
  await using peer = await startPeer();
  await using channel = createHardenedChannel(channelOptions(peer.url));
  await channel.open();
  const outcome = await channel.send({ type: 'typing', id: 'm1' });
  expect(outcome).toMatchObject({ status: 'acknowledged', id: 'm1', handler: 'TestHandler' });
  expect(peer.received).toEqual([{ type: 'typing', id: 'm1' }]);
  expect(peer.upgrades).toEqual([`Bearer ${clientToken}`]);
});

it('gives each message without an id one of its own', async () => {
  await using peer = await startPeer();
  await using channel = createHardenedChannel(channelOptions(peer.url));
  await channel.open();
  await Promise.all([channel.send({ type: 'typing' }), channel.send({ type: 'typing' })]);
  expect(new Set(peer.received.map(({ id }) => id)).size).toBe(2);
});

it('fails a message that is too large, no JSON, or under an id that is still pending', async () => {
  await using peer = await startPeer();
  peer.acknowledges = () => false;
  await using channel = createHardenedChannel(channelOptions(peer.url));
  await channel.open();
  const text = 'x'.repeat(70_000);
  expect(await channel.send({ type: 'agent', text })).toMatchObject({
    status: 'failed',
    reason: 'too_large',
  });
  const first = channel.send({ type: 'agent', id: 'm1' });
  expect(await channel.send({ type: 'agent', id: 'm1' })).toMatchObject({
    status: 'failed',
    reason: 'duplicate_id',
  });
  expect(await channel.send({ type: 'agent', size: 1n })).toMatchObject({
    status: 'failed',
    reason: 'unserializable',
  });
  expect(await first).toMatchObject({ status: 'unknown', reason: 'no_acknowledgement' });
});

describe('sending without a connection', () => {
  it('fails at once before the channel is opened and after it is closed', async () => {
    await using peer = await startPeer();
    const channel = createHardenedChannel(channelOptions(peer.url));
    const failed = { status: 'failed', definite: true, reason: 'closed', waitedMs: 0 };
    expect(await channel.send({ type: 'typing' })).toMatchObject(failed);
    await channel.open();
    await channel.close();
    expect(await channel.send({ type: 'typing' })).toMatchObject(failed);
    expect(peer.received).toEqual([]);
    await expect(channel.open()).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' });
  });

  it('queues while connecting and sends once connected', async () => {
    await using peer = await startPeer();
    await using channel = createHardenedChannel(channelOptions(peer.url));
    const opening = channel.open();
    expect(channel.state).toBe('connecting');
    expect(await channel.send({ type: 'typing' })).toMatchObject({ status: 'acknowledged' });
    await opening;
  });

  it('fails within the bound, as never sent, when no connection comes about', async () => {
    await using peer = await startPeer();
    peer.answerUpgrade = () => 'stall';
    await using channel = createHardenedChannel(channelOptions(peer.url));
    channel.open().catch(() => undefined);
    const stalledMs = watchStalls();
    const outcome = await channel.send({ type: 'typing' });
    expect(outcome).toMatchObject({ status: 'failed', definite: true, reason: 'not_sent_in_time' });
    expect(outcome.waitedMs).toBeLessThan(9_000 + labPace * stalledMs());
  });

  it('fails at once while the peer closes, and does not wait for ever for a close that nobody finishes', async () => {
    await using peer = await startPeer();
    await using channel = createHardenedChannel(channelOptions(peer.url));
    await channel.open();
    for (const webSocket of peer.webSockets) webSocket.close(1001);
    peer.freeze();
    await until(() => channel.state === 'closing');
    expect(await channel.send({ type: 'typing' })).toMatchObject({
      status: 'failed',
      reason: 'closing',
      waitedMs: 0,
    });
    await until(() => channel.state === 'open');
    expect(channel.stats().opened).toBe(2);
    expect(await channel.send({ type: 'typing' })).toMatchObject({ status: 'acknowledged' });
  });
});

describe('a silent peer', () => {
  it('leaves the outcome unknown, within the bound of the send', async () => {
    await using peer = await startPeer();
    await using channel = createHardenedChannel(channelOptions(peer.url));
    await channel.open();
    peer.freeze();
    const stalledMs = watchStalls();
    const outcome = await channel.send({ type: 'typing' });
    expect(outcome).toMatchObject({ status: 'unknown', reason: 'no_acknowledgement' });
    expect(outcome.waitedMs).toBeGreaterThan(5_000 - timerStepMs);
    expect(outcome.waitedMs).toBeLessThan(9_000 + labPace * stalledMs());
  });

  it('becomes suspect, is given up, and settles what was sent to it', async () => {
    await using peer = await startPeer();
    const { log, records } = collectLog();
    await using channel = createHardenedChannel(channelOptions(peer.url, { log }));
    await channel.open();
    peer.freeze();
    const lost = channel.send({ type: 'agent' }, { timeoutMs: 60_000 });
    await until(() => channel.state === 'suspect');
    const held = channel.send({ type: 'agent', id: 'held' }, { timeoutMs: 60_000 });
    expect(await lost).toMatchObject({ status: 'unknown', reason: 'peer_silent' });
    expect(await held).toMatchObject({ status: 'acknowledged', id: 'held' });
    const states = records('ws_state').map(({ to }) => to);
    expect(states.slice(0, 5)).toEqual(['connecting', 'open', 'suspect', 'connecting', 'open']);
  });

  it('is trusted again when it answers after all', async () => {
    await using peer = await startPeer();
    await using channel = createHardenedChannel(channelOptions(peer.url));
    await channel.open();
    peer.freeze();
    await until(() => channel.state === 'suspect');
    peer.thaw();
    await until(() => channel.state === 'open');
    expect(channel.stats().opened).toBe(1);
  });

  it('does not keep close from ending within its bound', async () => {
    await using peer = await startPeer();
    const options = channelOptions(peer.url);
    const channel = createHardenedChannel(options);
    await channel.open();
    peer.freeze();
    const pending = channel.send({ type: 'typing' }, { timeoutMs: 60_000 });
    const [startMs, stalledMs] = [options.clock.now(), watchStalls()];
    await channel.close();
    expect(options.clock.now() - startMs).toBeLessThan(30_000 + labPace * stalledMs()); // The send alone would wait for a minute.
    expect(await pending).toMatchObject({ status: 'unknown', reason: 'closed_before_acknowledgement' });
  });
});

it('buffers no more than its limit, and says so', async () => {
  await using peer = await startPeer();
  const { log, records } = collectLog();
  const policy = { bufferLimitBytes: 1_000_000 };
  await using channel = createHardenedChannel(channelOptions(peer.url, { log, policy }));
  await channel.open();
  peer.freeze();
  const text = 'x'.repeat(50_000);
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, () => channel.send({ type: 'agent', text })),
  );
  const count = (status: string): number => outcomes.filter((outcome) => outcome.status === status).length;
  expect(count('acknowledged')).toBe(0);
  expect(
    outcomes.filter((outcome) => outcome.status === 'failed' && outcome.reason === 'buffer_full').length,
  ).toBeGreaterThan(170);
  expect(channel.stats().peakBufferedBytes).toBeLessThanOrEqual(1_000_000 + 65_536);
  expect(records('ws_send_failed').filter(({ reason }) => reason === 'buffer_full')).toHaveLength(1);
});

describe('a lost connection', () => {
  it('is made again, and a repeatable message goes again under its own id', async () => {
    await using peer = await startPeer();
    const { log, records } = collectLog();
    peer.acknowledges = () => peer.received.length > 1;
    await using channel = createHardenedChannel(channelOptions(peer.url, { log }));
    await channel.open();
    const outcome = channel.send({ type: 'user_message', id: 'm1' }, { idempotent: true });
    await until(() => peer.received.length === 1);
    for (const webSocket of peer.webSockets) webSocket.terminate();
    expect(await outcome).toMatchObject({ status: 'acknowledged', id: 'm1' });
    expect(peer.received.map(({ id }) => id)).toEqual(['m1', 'm1']);
    expect(records().every(({ level }) => level === 'debug' || level === 'info')).toBe(true);
  });

  it('leaves any other message unknown, and does not send it again', async () => {
    await using peer = await startPeer();
    peer.acknowledges = ({ id }) => id !== 'm1';
    await using channel = createHardenedChannel(channelOptions(peer.url));
    await channel.open();
    const outcome = channel.send({ type: 'user_message', id: 'm1' });
    await until(() => peer.received.length === 1);
    for (const webSocket of peer.webSockets) webSocket.terminate();
    expect(await outcome).toMatchObject({ status: 'unknown', reason: 'connection_lost' });
    await channel.send({ type: 'user_message', id: 'm2' });
    expect(peer.received.map(({ id }) => id)).toEqual(['m1', 'm2']);
  });

  it('is reported as an outage once, and its end too', async () => {
    await using peer = await startPeer();
    const { log, records } = collectLog();
    const policy = { reconnect: { ...defaultChannelPolicy.reconnect, attempts: 2 } };
    await using channel = createHardenedChannel(channelOptions(peer.url, { log, policy }));
    await channel.open();
    peer.answerUpgrade = (count) => (count < 6 ? httpAnswer(503) : 'accept');
    for (const webSocket of peer.webSockets) webSocket.terminate();
    await until(() => channel.stats().opened === 2);
    expect(records('operation_failed')).toHaveLength(1);
    expect(records('operation_recovered')).toHaveLength(1);
  });
});

describe('a refused upgrade', () => {
  it.each([
    401, 403,
  ])('%i ends the matter: one attempt, one record, a typed failure for whoever sends', async (status) => {
    await using peer = await startPeer();
    peer.answerUpgrade = () => httpAnswer(status, '', '{"error":"Invalid client token"}');
    const { lines, log, records } = collectLog();
    await using channel = createHardenedChannel(channelOptions(peer.url, { log }));
    await expect(channel.open()).rejects.toMatchObject({ status, body: '{"error":"Invalid client token"}' });
    expect(channel.state).toBe('closed');
    expect(await channel.send({ type: 'typing' })).toMatchObject({ status: 'failed', reason: 'refused' });
    expect(peer.upgrades).toHaveLength(1);
    expect(records('auth_refused')).toMatchObject([
      { level: 'error', status, tokenPreview: 'tok-4f1d...93d1' },
    ]);
    expect(lines.join('')).not.toContain(clientToken);
  });

  it('of a token that was accepted before counts once it is repeated', async () => {
    await using peer = await startPeer();
    peer.answerUpgrade = (count) => (count === 2 || count > 3 ? httpAnswer(401) : 'accept');
    await using channel = createHardenedChannel(channelOptions(peer.url));
    await channel.open();
    for (const webSocket of peer.webSockets) webSocket.terminate();
    await until(() => channel.stats().opened === 2);
    for (const webSocket of peer.webSockets) webSocket.terminate();
    await until(() => channel.state === 'closed');
    expect(peer.upgrades).toHaveLength(5);
  });

  it('429 is waited for as long as the server asks', async () => {
    await using peer = await startPeer();
    peer.answerUpgrade = (count) => (count === 1 ? httpAnswer(429, 'Retry-After: 7\r\n') : 'accept');
    const options = channelOptions(peer.url);
    await using channel = createHardenedChannel(options);
    const startMs = options.clock.now();
    await channel.open();
    expect(options.clock.now() - startMs).toBeGreaterThan(7_000 - timerStepMs);
    expect(peer.upgrades).toHaveLength(2);
  });

  it.each([
    429, 503,
  ])('%i with a wait that is too long for its owner is reported instead of cut short', async (status) => {
    await using peer = await startPeer();
    peer.answerUpgrade = (count) => (count === 1 ? httpAnswer(status, 'Retry-After: 120\r\n') : 'accept');
    const options = channelOptions(peer.url);
    await using channel = createHardenedChannel(options);
    const startMs = options.clock.now();
    await expect(channel.open()).rejects.toMatchObject({ status, retryAfterMs: 120_000 });
    await expect(channel.open()).rejects.toMatchObject({ code: 'SERVER_HOLD' });
    expect(peer.upgrades).toHaveLength(1);
    await options.clock.sleep(120_000 - (options.clock.now() - startMs));
    await channel.open();
    expect(peer.upgrades).toHaveLength(2);
  });

  it.each([
    429, 503,
  ])('%i after a loss is obeyed however long it is, and its owner is told', async (status) => {
    await using peer = await startPeer();
    peer.answerUpgrade = (count) => (count === 2 ? httpAnswer(status, 'Retry-After: 120\r\n') : 'accept');
    const { log, records } = collectLog();
    const options = channelOptions(peer.url, { log });
    await using channel = createHardenedChannel(options);
    await channel.open();
    for (const webSocket of peer.webSockets) webSocket.terminate();
    await until(() => peer.upgrades.length === 2);
    const refusedMs = options.clock.now();
    await until(() => peer.upgrades.length === 3);
    expect(options.clock.now() - refusedMs).toBeGreaterThanOrEqual(120_000 - timerStepMs);
    await until(() => records('operation_recovered').length === 1);
    expect(records('operation_failed')).toMatchObject([
      { level: 'error', retryAfterMs: 120_000, msg: expect.stringContaining('asks to wait 120 s') },
    ]);
  });

  it.each([500, 503])('%i is tried again with growing waits, up to the limit', async (status) => {
    await using peer = await startPeer();
    peer.answerUpgrade = () => httpAnswer(status);
    const { log, records } = collectLog();
    await using channel = createHardenedChannel(channelOptions(peer.url, { log }));
    await expect(channel.open()).rejects.toMatchObject({ status });
    expect(peer.upgrades).toHaveLength(5);
    expect(records('operation_failed')).toHaveLength(1);
    const delays = records('attempt_failed').map(({ delayMs }) => Number(delayMs));
    for (const [index, baseMs] of [1_000, 2_000, 4_000, 8_000].entries()) {
      expect(delays[index]).toBeGreaterThanOrEqual(baseMs * 0.5);
      expect(delays[index]).toBeLessThanOrEqual(baseMs * 1.5);
    }
  });

  it('without end is cut off by the deadline of the attempt', async () => {
    await using peer = await startPeer();
    peer.answerUpgrade = (count) => (count === 1 ? 'stall' : 'accept');
    await using channel = createHardenedChannel(channelOptions(peer.url));
    await channel.open();
    expect(channel.stats()).toMatchObject({ attempts: 2, opened: 1 });
  });
});

it('rejects with the error of a server that is not there, after its attempts', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await until(() => server.listening);
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  await using channel = createHardenedChannel(channelOptions(`ws://127.0.0.1:${port}/ws`));
  await expect(channel.open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(channel.stats()).toMatchObject({ attempts: 5, opened: 0, sockets: 0 });
});

describe('over TLS', () => {
  it('opens with a certificate of the authority it trusts, and with no other', async () => {
    const authority = await createAuthority({ name: 'lab', now: Date.now() });
    const { chainPem, keyPem } = await authority.issue({ hosts: ['127.0.0.1'] });
    await using peer = await startPeer({ cert: chainPem, key: keyPem });
    await using trusting = createHardenedChannel(channelOptions(peer.url, { ca: authority.certPem }));
    await trusting.open();
    expect(await trusting.send({ type: 'typing' })).toMatchObject({ status: 'acknowledged' });

    await using wary = createHardenedChannel(channelOptions(peer.url));
    await expect(wary.open()).rejects.toMatchObject({ code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO/) });
    expect(wary.stats().attempts).toBe(1);
  });

  it('refuses a certificate for another host', async () => {
    const authority = await createAuthority({ name: 'lab', now: Date.now() });
    const { chainPem, keyPem } = await authority.issue({ hosts: ['elsewhere.test'] });
    await using peer = await startPeer({ cert: chainPem, key: keyPem });
    await using channel = createHardenedChannel(channelOptions(peer.url, { ca: authority.certPem }));
    await expect(channel.open()).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });
});

it('records a failure with user, type, state, environment, error and stack', async () => {
  await using peer = await startPeer();
  peer.acknowledges = () => false;
  const { log, records } = collectLog();
  await using channel = createHardenedChannel(channelOptions(peer.url, { log }));
  await channel.open();
  await channel.send({ type: 'agent', id: 'm1' });
  expect(records('ws_send_failed')).toMatchObject([
    {
      level: 'error',
      user: '105945141827451681156',
      messageType: 'agent',
      messageId: 'm1',
      websocketState: 'open',
      environment: 'development',
      outcome: 'unknown',
      err: {
        type: 'SendFailed',
        code: 'NO_ACKNOWLEDGEMENT',
        stack: expect.stringContaining('hardened.test.ts'),
      },
    },
  ]);
});

it('gives the same outcomes in each environment, with less and less to read', async () => {
  const run = async (environment: Environment) => {
    await using peer = await startPeer();
    peer.acknowledges = ({ id }) => id !== 'lost';
    const { lines, log } = collectLog();
    const channel = createHardenedChannel(channelOptions(peer.url, { environment, log }));
    await channel.open();
    const outcomes = [];
    for (const id of ['first', 'lost', 'last']) outcomes.push(await channel.send({ type: 'agent', id }));
    await channel.close();
    outcomes.push(await channel.send({ type: 'agent', id: 'late' }));
    return { outcomes: outcomes.map(({ status, id }) => [id, status]), lines: lines.length };
  };
  const [development, staging, production] = await Promise.all([
    run('development'),
    run('staging'),
    run('production'),
  ]);
  expect(development.outcomes).toEqual([
    ['first', 'acknowledged'],
    ['lost', 'unknown'],
    ['last', 'acknowledged'],
    ['late', 'failed'],
  ]);
  expect(staging.outcomes).toEqual(development.outcomes);
  expect(production.outcomes).toEqual(development.outcomes);
  expect(production.lines).toBe(2);
  expect(staging.lines).toBeGreaterThan(production.lines);
  expect(development.lines).toBeGreaterThan(staging.lines);
});

it('holds nothing after many connections that failed in different ways', async () => {
  await using peer = await startPeer();
  const held = (): string[] =>
    process.getActiveResourcesInfo().filter((kind) => /TCPSocket|TLS|Timeout/.test(kind));
  const before = held().length;
  const policy = { connectTimeoutMs: 200, reconnect: { ...defaultChannelPolicy.reconnect, attempts: 1 } };
  const ways = ['accept', 'stall', httpAnswer(401), httpAnswer(500)] as const;
  for (let cycle = 0; cycle < 20; cycle += 1) {
    peer.answerUpgrade = () => ways[cycle % ways.length] ?? 'accept';
    const channel = createHardenedChannel(channelOptions(peer.url, { policy }));
    await channel.open().catch(() => undefined);
    void channel.send({ type: 'typing' });
    if (cycle % 8 === 4) peer.freeze();
    await channel.close();
    expect(channel.stats()).toMatchObject({ sockets: 0, pending: 0 });
    peer.thaw();
  }
  // One more than before is the timer of this very wait.
  await until(() => held().length <= before + 1);
});
