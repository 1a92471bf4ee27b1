import { expect, it } from 'vitest';
import { createNaiveChannel } from '../../../../services/agent/websocket/index.ts';
import type { Clock } from '../../../../services/clock.ts';
import { until } from '../../../support/until.ts';
import { channelOptions, collectLog, httpAnswer, startPeer } from './peer.ts';

/** The naive channel never stops its timers: the test does. */
function stoppableClock(clock: Clock) {
  const stop = new AbortController();
  let sleepers = 0;
  const sleep = (ms: number): Promise<void> => {
    sleepers += 1;
    // Never rejects: the channel would not expect it.
    return clock.sleep(ms, stop.signal).catch(() => new Promise<void>(() => undefined));
  };
  return { now: () => clock.now(), sleep, sleepers: () => sleepers, [Symbol.dispose]: () => stop.abort() };
}

function start(url: string, environment: 'development' | 'staging' | 'production' = 'development') {
  const { lines, log } = collectLog();
  const options = channelOptions(url, { environment, log });
  const clock = stoppableClock(options.clock);
  return { channel: createNaiveChannel({ ...options, clock }), lines, clock };
}

it('delivers in development as long as all is well', async () => {
  await using peer = await startPeer();
  const { channel, clock } = start(peer.url);
  using _clock = clock;
  await channel.open();
  expect(await channel.send({ type: 'typing', id: 'm1' })).toEqual({
    status: 'acknowledged',
    id: 'm1',
    waitedMs: 0,
  });
  await until(() => peer.received.length === 1);
  await channel.close();
});

it.each(['staging', 'production'] as const)('claims success in %s and sends nothing', async (environment) => {
  await using peer = await startPeer();
  const { channel, clock } = start(peer.url, environment);
  using _clock = clock;
  await channel.open();
  expect(channel.state).toBe('closed');
  expect(await channel.send({ type: 'typing', id: 'm1' })).toMatchObject({ status: 'acknowledged' });
  await channel.close();
  await until(() => peer.webSockets.size === 0);
  expect(peer.received).toEqual([]);
});

it('claims success on a connection that the peer has closed, and logs a cut line without a cause', async () => {
  await using peer = await startPeer();
  const { channel, clock, lines } = start(peer.url);
  using _clock = clock;
  await channel.open();
  for (const webSocket of peer.webSockets) webSocket.close();
  peer.answerUpgrade = () => 'stall';
  await until(() => channel.stats().attempts === 2);
  expect(channel.state).toBe('open');
  expect(await channel.send({ type: 'typing', id: 'm1' })).toMatchObject({ status: 'acknowledged' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    / - ERROR - Error in ConnectionHandler for user 105945141827451681156: .{1,60}\n$/,
  );
  expect(peer.received).toEqual([]);
});

it('claims success on a peer that is silent, and buffers without bound', async () => {
  await using peer = await startPeer();
  const { channel, clock } = start(peer.url);
  using _clock = clock;
  await channel.open();
  peer.freeze();
  const text = 'x'.repeat(100_000);
  for (let count = 0; count < 200; count += 1) {
    expect(await channel.send({ type: 'agent', text })).toMatchObject({ status: 'acknowledged' });
  }
  expect(channel.stats().bufferedBytes).toBeGreaterThan(5_000_000);
});

it('tries once to open, without a second attempt', async () => {
  await using peer = await startPeer();
  peer.answerUpgrade = () => httpAnswer(503);
  const { channel, clock } = start(peer.url);
  using _clock = clock;
  await expect(channel.open()).rejects.toThrow('503');
  expect(peer.upgrades).toHaveLength(1);
});

it('keeps a timer and a socket for every connection that was lost', async () => {
  await using peer = await startPeer();
  const { channel, clock } = start(peer.url);
  using _clock = clock;
  await channel.open();
  for (let cycle = 1; cycle <= 5; cycle += 1) {
    await until(() => peer.webSockets.size === 1);
    for (const webSocket of peer.webSockets) webSocket.terminate();
    await until(() => channel.stats().opened === cycle + 1);
  }
  expect(channel.stats().sockets).toBe(6);
  expect(clock.sleepers()).toBeGreaterThanOrEqual(6);
  await channel.close();
});
