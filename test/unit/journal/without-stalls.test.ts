import { expect, it } from 'vitest';
import type { Entry } from '../../../harness/journal/entry.ts';
import { stalledIn, withoutStalls } from '../../../harness/journal/without-stalls.ts';
import { entries } from '../entries.ts';

const note = (t: number, more = {}) => ({ kind: 'subject.note', name: 'x', t, ...more }) as const;
const stall = (t: number, lateMs: number) => ({ kind: 'lab.stall', t, lateMs, realMs: lateMs / 20 }) as const;
const times = (journal: readonly Entry[]): number[] => journal.map(({ t }) => t);

it('takes the time of a stall out of the clock', () => {
  const journal = entries(note(1_000), stall(5_000, 3_000), note(5_000), note(9_000));

  expect(times(withoutStalls(journal))).toEqual([1_000, 2_000, 2_000, 6_000]);
});

it('puts what bears a time inside the stall at its beginning', () => {
  expect(times(withoutStalls(entries(note(3_000), stall(5_000, 3_000))))).toEqual([2_000, 2_000]);
});

it('counts stalls that overlap once', () => {
  const journal = entries(stall(5_000, 3_000), stall(6_000, 2_000), note(10_000));

  expect(times(withoutStalls(journal)).at(-1)).toBe(6_000);
});

it('takes it out of what was measured across it, and out of nothing that was announced', () => {
  const measured = note(6_000, { waitedMs: 4_500, delayMs: 4_500, ms: 4_500 });
  const later = note(9_000, { waitedMs: 2_000 });

  expect(withoutStalls(entries(stall(5_000, 3_000), measured, later))).toMatchObject([
    {},
    { waitedMs: 1_500, delayMs: 4_500, ms: 4_500 },
    { waitedMs: 2_000 },
  ]);
});

it('keeps numbers and everything else', () => {
  const journal = entries(note(1_000, { id: 'a' }), stall(5_000, 3_000));

  expect(withoutStalls(journal).map(({ n, kind }) => [n, kind])).toEqual([
    [1, 'subject.note'],
    [2, 'lab.stall'],
  ]);
});

it('says how long the machine stood still in all', () => {
  expect(stalledIn(entries(stall(5_000, 3_000), stall(9_000, 1_000)))).toEqual({ labMs: 4_000, realMs: 200 });
  expect(stalledIn(entries(note(1)))).toBeUndefined();
});
