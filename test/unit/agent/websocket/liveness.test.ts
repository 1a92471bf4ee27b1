import { expect, it } from 'vitest';
import { Liveness } from '../../../../services/agent/websocket/liveness.ts';
import { manualClock } from '../../../support/manual-clock.ts';

function watch() {
  const clock = manualClock();
  const events: string[] = [];
  const liveness = new Liveness({
    clock,
    pingIntervalMs: 15_000,
    suspectAfterMs: 2_000,
    pongTimeoutMs: 5_000,
    ping: () => events.push('ping'),
    onChange: (trusted) => events.push(trusted ? 'trusted' : 'suspect'),
    onDead: () => events.push('dead'),
  });
  return { clock, events, liveness };
}

it('pings after each interval as long as the peer answers', async () => {
  const { clock, events, liveness } = watch();
  for (let round = 0; round < 3; round += 1) {
    await clock.advance(15_000);
    liveness.sawLife();
  }
  expect(events).toEqual(['ping', 'ping', 'ping']);
  expect(liveness.trusted).toBe(true);
});

it('suspects a late peer, and gives it up once it is later still', async () => {
  const { clock, events, liveness } = watch();
  await clock.advance(16_999);
  expect(liveness.trusted).toBe(true);
  await clock.advance(1);
  expect(liveness.trusted).toBe(false);
  await clock.advance(2_999);
  expect(events).toEqual(['ping', 'suspect']);
  await clock.advance(1);
  expect(events).toEqual(['ping', 'suspect', 'dead']);
  expect(clock.sleepers).toBe(0);
});

it('trusts a suspect that shows itself again, and goes on pinging', async () => {
  const { clock, events, liveness } = watch();
  await clock.advance(18_000);
  liveness.sawLife();
  expect(liveness.trusted).toBe(true);
  await clock.advance(15_000);
  expect(events).toEqual(['ping', 'suspect', 'trusted', 'ping']);
});

it('pings at once when asked to, and not twice for one answer', async () => {
  const { clock, events, liveness } = watch();
  liveness.probe();
  liveness.probe();
  await clock.advance(5_000);
  expect(events).toEqual(['ping', 'suspect', 'dead']);
});

it('sleeps no more once it is disposed of', async () => {
  const { clock, events, liveness } = watch();
  liveness[Symbol.dispose]();
  liveness.sawLife();
  liveness.probe();
  await clock.advance(60_000);
  expect(events).toEqual([]);
  expect(clock.sleepers).toBe(0);
});
