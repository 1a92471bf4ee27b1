/** Waits that are asked for by their bounds, without a list of them. */
import { expect, it } from 'vitest';
import { backOff } from '../../../harness/checks/index.ts';
import { runChecks } from '../../../harness/checks/registry.ts';
import { entries } from '../entries.ts';

const asked = { of: { kind: 'connection.open' }, leastMs: 900, keeps: 0.5, capMs: 10_000 } as const;

/** What comes of attempts with these waits between them. */
function judge(waits: readonly number[]) {
  let t = 0;
  const attempts = [0, ...waits].map((wait) => {
    t += wait;
    return { kind: 'connection.open', t } as const;
  });
  return runChecks(entries(...attempts), { it: backOff('it backs off', asked) })[0];
}

it.each([
  ['that double up to the cap', [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]],
  ['that jitter', [1_100, 1_700, 4_400, 3_000, 9_500, 6_000]],
  ['of which there is one', [1_000]],
])('passes waits %s', (_what, waits) => {
  expect(judge(waits)).toMatchObject({ outcome: 'pass' });
});

it.each([
  ['that begin again', [1_000, 2_000, 4_000, 8_000, 1_000], 'back to 1 s'],
  ['of which one is shorter than the least', [1_000, 800, 2_000], 'shortest 800 ms'],
  ['of which one is too long', [1_000, 2_000, 4_000, 13_000], 'longest 13 s'],
  ['of which there are next to none', [60, 60, 60], 'shortest 60 ms'],
])('fails waits %s', (_what, waits, measured) => {
  expect(judge(waits)).toMatchObject({ outcome: 'fail', measured: expect.stringContaining(measured) });
});

it('says what was asked for', () => {
  expect(judge([1_000])?.expected).toBe(
    'none longer than 10 s, none shorter than 900 ms, each at least 50 % of the one before',
  );
});
