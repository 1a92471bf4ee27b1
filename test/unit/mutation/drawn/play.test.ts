import { describe, expect, it } from 'vitest';
import type { DryRun } from '../../../mutation/drawn/dry-run.ts';
import type { JudgedScenario } from '../../../mutation/drawn/judge.ts';
import type { DrawnMutant } from '../../../mutation/drawn/mutant.ts';
import { type PlayOptions, play, scenariosFor } from '../../../mutation/drawn/play.ts';
import type { ScratchCopy } from '../../../mutation/scratch-copy.ts';
import { mutant } from './mutants.ts';

/** A stage in which scenarios notice so many times; it tells what was played, and the text at that time. */
function fakeStage(notices: Record<string, number>) {
  const left = { ...notices };
  const runs: { scenarios: readonly string[]; text: string }[] = [];
  let text = 'a < b';
  const resultOf = (id: string): JudgedScenario => {
    const fails = (left[id] ?? 0) > 0;
    left[id] = (left[id] ?? 0) - 1;
    const outcome = fails ? 'fail' : 'pass';
    const checks = [{ id: 'quiet', outcome, measured: 1, expected: 0, evidence: [] } as const];
    const subjects = [{ name: 'hardened', expected: 'pass', outcome, checks } as const];
    return { id, asExpected: !fails, durationMs: 1, subjects };
  };
  const copy: Partial<ScratchCopy> = {
    async edit(_, change) {
      text = change(text);
    },
  };
  const stage: PlayOptions['stage'] = {
    name: 'local',
    batchSizes: [2, 6],
    async run(_, scenarios) {
      runs.push({ scenarios, text });
      return { code: 0, output: '', run: { scenarios: scenarios.map(resultOf) } };
    },
  };
  const { signal } = new AbortController();
  return {
    runs,
    text: () => text,
    playIt: (of: DrawnMutant, scenarios: readonly string[]) =>
      play(copy as ScratchCopy, of, { stage, scenarios, signal, now: () => 0 }),
  };
}

const twelve = Array.from({ length: 12 }, (_, index) => `s${index}`);
describe('playing a mutant', () => {
  it('ends with the batch in which a scenario notices', async () => {
    const { playIt, runs } = fakeStage({ s3: 2 });
    const result = await playIt(mutant({ id: '7' }), twelve);

    expect(runs.map(({ scenarios }) => scenarios)).toEqual([twelve.slice(0, 2), twelve.slice(2, 8), ['s3']]);
    expect(result).toMatchObject({
      id: '7',
      outcome: 'failed',
      failures: [{ scenario: 's3', check: 'quiet', measured: '1' }],
      reachedBy: 12,
      played: 8,
    });
  });

  it('does not believe a failure that does not come again', async () => {
    const { playIt, runs } = fakeStage({ s0: 1, s1: 1, s4: 2 });
    const result = await playIt(mutant(), twelve);

    const batches = [twelve.slice(0, 2), ['s0'], ['s1'], twelve.slice(2, 8), ['s4']];
    expect(runs.map(({ scenarios }) => scenarios)).toEqual(batches);
    expect(result).toMatchObject({ outcome: 'failed', failures: [{ scenario: 's4' }] });
    expect(result.unsteady.map(({ scenario }) => scenario)).toEqual(['s0', 's1']);
  });

  it('has survived what was noticed only once', async () => {
    const { playIt } = fakeStage({ s0: 1 });
    const result = await playIt(mutant(), twelve);

    expect(result).toMatchObject({ outcome: 'survived', failures: [], unsteady: [{ check: 'quiet' }] });
  });

  it('plays all that reach it before it has survived', async () => {
    const { playIt, runs } = fakeStage({});
    const result = await playIt(mutant(), twelve);

    expect(runs.flatMap(({ scenarios }) => scenarios)).toEqual(twelve);
    expect(result.outcome).toBe('survived');
  });

  it('has the mutant in the copy meanwhile, and takes it out afterwards', async () => {
    const { playIt, runs, text } = fakeStage({});
    await playIt(mutant(), ['s0']);

    expect(runs.map((run) => run.text)).toEqual(['(a <= b)']);
    expect(text()).toBe('a < b');
  });

  it('plays nothing where nothing reaches it', async () => {
    const { playIt, runs } = fakeStage({});

    expect((await playIt(mutant(), [])).outcome).toBe('not reached');
    expect(runs).toEqual([]);
  });
});

describe('the scenarios for a mutant', () => {
  const dryRun = (scenario: string, reached: string[], so: Partial<DryRun> = {}): DryRun => ({
    stage: 'local',
    scenario,
    asExpected: true,
    durationMs: 1_000,
    reached,
    checks: [],
    failedByNaive: [],
    ...so,
  });
  const mates = new Set(['1', '2', '3']);
  const order = (...dryRuns: DryRun[]) => scenariosFor(mutant({ id: '1' }), mates, dryRuns);

  it('are those that reach it and were as expected without it', () => {
    const reaches = dryRun('reaches', ['1', '9']);
    const elsewhere = dryRun('elsewhere', ['2', '9']);
    const failing = dryRun('failing', ['1'], { asExpected: false });

    expect(order(elsewhere, failing, reaches)).toEqual(['reaches']);
  });

  it('begin with what is about its file, then with what is short', () => {
    const broad = dryRun('broad', ['1', '2', '7', '8', '9']);
    const long = dryRun('long', ['1', '2', '9'], { durationMs: 9_000 });
    const narrow = dryRun('narrow', ['1', '2', '9']);

    expect(order(broad, long, narrow)).toEqual(['narrow', 'long', 'broad']);
  });
});
