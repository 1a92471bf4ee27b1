import { expect, it } from 'vitest';
import { idleLimitMs } from '../../../../services/agent/http/keep-alive.ts';

it.each([
  ['timeout=5', 4_000],
  ['timeout=60, max=100', 59_000],
  ['max=100, timeout = 2', 1_500],
  ['timeout=1', 750],
  ['timeout=0', 0],
])('retires before the announced %s: after %i ms', (header, limitMs) => {
  expect(idleLimitMs(header)).toBe(limitMs);
});

it.each([undefined, '', 'max=7', 'timeout=soon'])('assumes less than a minute when told %j', (header) => {
  expect(idleLimitMs(header)).toBe(55_000);
});
