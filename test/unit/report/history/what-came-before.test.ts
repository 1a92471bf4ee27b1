import { expect, it } from 'vitest';
import { whatCameBefore } from '../../../../harness/report/history/what-came-before.ts';
import { pastRun, pastScenario } from './past-runs.ts';

const all = ['a', 'b', 'c', 'd'].map((id) => pastScenario(id));
const present = pastRun(20, all);

it('takes the last run before, however the lines stand', () => {
  const history = [pastRun(3, all), pastRun(9, all), pastRun(5, all)];

  expect(whatCameBefore(present, history).previous?.id).toBe('2026-03-09T09-30-00-seed-7');
});

it('knows of nothing before the first run', () => {
  expect(whatCameBefore(present, [])).toEqual({ version: 1, recent: {} });
});

it('passes over a run of a few scenarios, which would make the rest new', () => {
  const few = pastRun(9, all.slice(0, 2));

  expect(whatCameBefore(present, [pastRun(3, all), few]).previous?.id).toBe('2026-03-03T09-30-00-seed-7');
  expect(whatCameBefore(few, [pastRun(3, all)]).previous).toBeUndefined();
});

it.each([
  ['of another world', pastRun(9, all, { world: 'containers' })],
  ['of another pace', pastRun(9, all, { pace: 1 })],
  ['that started later', pastRun(21, all)],
  ['that is itself', present],
])('takes no run %s', (_what, other) => {
  expect(whatCameBefore(present, [other])).toEqual({ version: 1, recent: {} });
});

it('counts no part of a merged run beside it, its own parts least of all', () => {
  const most = pastRun(9, all.slice(0, 3));
  const merged = pastRun(10, all, { parts: [most.id] });

  expect(whatCameBefore({ ...present, parts: [most.id] }, [most]).recent).toEqual({});
  expect(whatCameBefore(present, [most, merged]).recent.a).toEqual([true]);
});

it('keeps what each scenario came to, the oldest first, also in runs of a few', () => {
  const failing = pastScenario('a', 'unexpected');
  const history = [pastRun(1, [failing, ...all.slice(1)]), pastRun(2, [failing]), pastRun(3, all)];

  expect(whatCameBefore(present, history).recent).toMatchObject({
    a: [false, false, true],
    b: [true, true],
  });
});

it('forgets what lies more than twenty runs back, this one included', () => {
  const history = Array.from({ length: 30 }, (_, n) =>
    pastRun(1, [pastScenario('a', n < 11 ? 'unexpected' : 'expected')], {
      id: `run-${n}`,
      startedAt: `2026-02-01T00:00:${String(n).padStart(2, '0')}.000Z`,
    }),
  );

  expect(whatCameBefore(present, history).recent.a).toEqual(Array(19).fill(true));
});
