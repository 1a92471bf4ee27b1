import { expect, it } from 'vitest';
import { classify, HttpStatusError } from '../../../../services/agent/shared/errors.ts';
import {
  cappedRetry,
  mayRetry,
  nextDelay,
  parseRetryAfter,
  quickRetry,
  type RetryPolicy,
} from '../../../../services/agent/shared/retry.ts';
import { seededRandom } from '../../../../services/random.ts';
import fc from '../../../support/fast-check.ts';

const random = seededRandom(1);
const exact = (policy: RetryPolicy): RetryPolicy => ({ ...policy, jitter: 0 });
const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

it('waits 1, 2 and 4 s between quick attempts', () => {
  const delays = [1, 2, 3, 4].map((attempt) => nextDelay(exact(quickRetry), attempt, random));

  expect(delays).toEqual([1_000, 2_000, 4_000, 4_000]);
});

it('waits min(60 * 2^n, 300) s between attempts of background work', () => {
  const delays = [1, 2, 3, 4, 5].map((attempt) => nextDelay(exact(cappedRetry), attempt, random) / 1_000);

  expect(delays).toEqual([60, 120, 240, 300, 300]);
});

it('spreads a wait around its nominal length, and never beyond the cap', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, attempt) => {
      const nominal = nextDelay(exact(cappedRetry), attempt, random);
      const delay = nextDelay(cappedRetry, attempt, seededRandom(seed));

      expect(Math.abs(delay - nominal)).toBeLessThanOrEqual(nominal * 0.1 + 1);
      expect(delay).toBeLessThanOrEqual(300_000);
    }),
  );
});

it('waits differently in agents with different seeds', () => {
  const delays = [1, 2, 3, 4, 5].map((seed) => nextDelay(quickRetry, 2, seededRandom(seed)));

  expect(new Set(delays).size).toBeGreaterThan(3);
});

it('spreads waits at the cap as well, so that a herd does not come back as one', () => {
  const waits = Array.from({ length: 50 }, (_, seed) => nextDelay(cappedRetry, 5, seededRandom(seed)));

  expect(new Set(waits).size).toBeGreaterThan(45);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(270_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(300_000);
});

it('gives up rather than come back before a wait that is too long for it is over', () => {
  const failure = classify(new HttpStatusError(503, ''));
  const work = { attempt: 1, idempotent: true };
  const { longestRetryAfterMs } = quickRetry;

  expect(mayRetry(quickRetry, failure, { ...work, retryAfterMs: longestRetryAfterMs })).toBe(true);
  expect(mayRetry(quickRetry, failure, { ...work, retryAfterMs: longestRetryAfterMs + 1 })).toBe(false);
});

it.each([
  ['Sunday, 25-Nov-25 05:27:47 GMT', 60_000],
  ['Tue Nov 25 05:27:47 2025', 60_000],
  ['Fri, 31 Dec 9999 23:59:59 GMT', Date.UTC(9999, 11, 31, 23, 59, 59) - Date.UTC(2025, 10, 25, 5, 26, 47)],
  ['99999999999999999999999', Number.MAX_SAFE_INTEGER],
  ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  [' 0 ', 0],
  ['1.5', 1_500],
  ['1e3', undefined],
  ['0x10', undefined],
  ['Infinity', undefined],
  ['120, 60', undefined],
])('reads Retry-After: %s', (header, expected) => {
  expect(parseRetryAfter(header, Date.UTC(2025, 10, 25, 5, 26, 47))).toBe(expected);
});

it('reads Retry-After as seconds or as a date', () => {
  const nowMs = Date.UTC(2025, 10, 25, 5, 26, 47);

  expect(parseRetryAfter('120', nowMs)).toBe(120_000);
  expect(parseRetryAfter('Tue, 25 Nov 2025 05:27:47 GMT', nowMs)).toBe(60_000);
  expect(parseRetryAfter('Tue, 25 Nov 2025 05:00:00 GMT', nowMs)).toBe(0);
  expect(parseRetryAfter('-3', nowMs)).toBeUndefined();
  expect(parseRetryAfter('soon', nowMs)).toBeUndefined();
  expect(parseRetryAfter(undefined, nowMs)).toBeUndefined();
});

it.each([401, 403, 404, 400])('does not try again after status %i', (status) => {
  const failure = classify(new HttpStatusError(status, ''));

  expect(mayRetry(quickRetry, failure, { attempt: 1, idempotent: true })).toBe(false);
});

it.each([429, 500, 503])('tries idempotent work again after status %i', (status) => {
  const failure = classify(new HttpStatusError(status, ''));

  expect(mayRetry(quickRetry, failure, { attempt: 1, idempotent: true })).toBe(true);
});

it('repeats work of unknown outcome only if repeating it is harmless', () => {
  expect(mayRetry(quickRetry, classify(reset, 'wait'), { attempt: 1, idempotent: false })).toBe(false);
  expect(mayRetry(quickRetry, classify(reset, 'wait'), { attempt: 1, idempotent: true })).toBe(true);
  expect(mayRetry(quickRetry, classify(reset, 'tls'), { attempt: 1, idempotent: false })).toBe(true);
});

it('stops when the attempts are used up', () => {
  const failure = classify(reset, 'tls');

  expect(mayRetry(quickRetry, failure, { attempt: 2, idempotent: true })).toBe(true);
  expect(mayRetry(quickRetry, failure, { attempt: 3, idempotent: true })).toBe(false);
  expect(mayRetry({ ...quickRetry, attempts: 4 }, failure, { attempt: 3, idempotent: true })).toBe(true);
});
