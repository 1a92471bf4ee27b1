import { expect, it } from 'vitest';
import { AttemptTimer } from '../../../../services/agent/http/attempt-timer.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const limits = { connectMs: 10, tlsMs: 20, waitMs: 30, bodyMs: 15, totalMs: 50 };

function startTimer() {
  const clock = manualClock();
  const outer = new AbortController();
  return { clock, outer, timer: new AttemptTimer(clock, limits, outer.signal) };
}

it.each([
  ['connect', 10],
  ['tls', 20],
  ['wait', 30],
  ['body', 15],
] as const)('ends the phase %s after %i ms and says so', async (phase, limitMs) => {
  const { clock, timer } = startTimer();
  timer.enter(phase);

  await clock.advance(limitMs - 1);
  expect(timer.signal.aborted).toBe(false);
  await clock.advance(1);

  expect(timer.signal.reason).toMatchObject({ code: 'DEADLINE_EXCEEDED', phase, limitMs });
});

it('gives each phase its own limit, and bounds them all together', async () => {
  const { clock, timer } = startTimer();
  timer.enter('connect');
  await clock.advance(9);
  timer.enter('tls');
  await clock.advance(19);
  timer.enter('wait');
  await clock.advance(21);
  expect(timer.signal.aborted).toBe(false);
  await clock.advance(1);

  expect(timer.signal.reason).toMatchObject({ phase: 'wait', limitMs: 50 });
});

it('passes on that the caller gave up, even before it began', () => {
  const { outer, timer } = startTimer();
  const reason = new Error('stopping');

  outer.abort(reason);

  expect(timer.signal.reason).toBe(reason);
  expect(new AttemptTimer(manualClock(), limits, outer.signal).signal.reason).toBe(reason);
});

it('leaves no timer when it is disposed of', async () => {
  const { clock, timer } = startTimer();
  timer.enter('wait');

  timer[Symbol.dispose]();
  await clock.advance(1_000);

  expect(clock.sleepers).toBe(0);
  expect(timer.signal.aborted).toBe(false);
});
