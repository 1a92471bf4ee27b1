import { describe, expect, it } from 'vitest';
import { count } from '../../../harness/checks/count.ts';
import { isLabError } from '../../../harness/errors.ts';
import { exploration } from '../../../harness/explore/exploration.ts';
import { digestOf, type Played, partingOf } from '../../../harness/explore/play.ts';
import { parseSchedule, type Schedule } from '../../../harness/explore/schedule.ts';
import { sweep } from '../../../harness/explore/sweep.ts';
import type { Entry } from '../../../harness/journal/entry.ts';

const declared = exploration({
  id: 'explore/example',
  title: 'An example',
  faults: { links: { a: ['reset', 'silence', 'latency', 'refused'] } },
  subject: async () => {},
  invariants: {
    'no-error': count('nothing fails', {
      of: { kind: 'agent.log', level: 'error' },
      given: { kind: 'agent.log' },
      atMost: 0,
    }),
  },
  sometimes: { 'a strike': { kind: 'fault.strike' }, 'a crash': { kind: 'process.exit' } },
});

const has = ({ faults }: Schedule, kind: string): boolean => faults.some((fault) => fault.kind === kind);

/** Plays nothing, and fails when a schedule is as given. */
function playerThat(fails: (schedule: Schedule) => boolean, noise: () => number = () => 0) {
  return async (schedule: Schedule): Promise<Played> => {
    const entries = [
      { n: 1, t: 60_000 + noise(), source: 'fault', kind: 'fault.strike' } as unknown as Entry,
    ];
    const outcome = fails(schedule) ? 'fail' : 'pass';
    const check = {
      id: 'no-error',
      title: '',
      outcome,
      measured: '',
      expected: '',
      evidence: [],
    } as unknown as Played['checks'][number];
    return { entries, checks: [check], faults: [], digest: digestOf(entries) };
  };
}

const of = (player: ReturnType<typeof playerThat>, runs: number) =>
  sweep({ exploration: declared, player, seed: 1, goesOn: (done) => done < runs, repeatable: true });

describe('sweep', () => {
  it('finds what fails, makes it small, and tells it once', async () => {
    const { findings, tally } = await of(
      playerThat((schedule) => has(schedule, 'reset') && has(schedule, 'silence')),
      200,
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]?.schedule.faults.map(({ kind }) => kind).toSorted()).toEqual(['reset', 'silence']);
    expect(findings[0]?.sentence).toContain('removing either makes it pass');
    expect(tally.failed).toBeGreaterThan(5);
  });

  it('says what runs that failed have in common', async () => {
    const { tally } = await of(
      playerThat((schedule) => has(schedule, 'latency')),
      300,
    );
    expect(tally.differences()[0]).toMatchObject({ feature: 'latency on a', failed: 1, passed: 0 });
  });

  it('names the marks that no run reached', async () => {
    const { tally } = await of(
      playerThat(() => false),
      20,
    );
    expect(tally.missed).toEqual(['a crash']);
    expect(tally.reached.get('a strike')).toBe(20);
  });

  it('tells a failure that does not come again as flaky, with the place where the runs part', async () => {
    let plays = 0;
    const { findings, flaky } = await of(
      playerThat(
        () => plays === 3,
        () => ++plays,
      ),
      5,
    );
    expect(findings).toEqual([]);
    expect(flaky).toMatchObject([{ check: 'no-error', failsAgain: false }]);
    expect(flaky[0]?.parting).toMatchObject({ one: { t: 60_003 }, other: { t: 60_004 } });
  });

  it('does not shrink what comes otherwise the second time, where runs are to be the same', async () => {
    let plays = 0;
    const { flaky } = await of(
      playerThat(
        () => true,
        () => ++plays,
      ),
      1,
    );
    expect(flaky).toMatchObject([{ failsAgain: true }]);
  });
});

describe('two runs', () => {
  const entry = (more: object): Entry =>
    ({ n: 1, t: 5, source: 'agent', kind: 'agent.log', ...more }) as unknown as Entry;

  it('are the same whoever called, and part where anything else differs', () => {
    const one = [entry({ err: { code: 'A', stack: 'at here' } })];
    const again = [entry({ err: { code: 'A', stack: 'at there' } })];
    const other = [entry({ err: { code: 'B', stack: 'at here' } })];

    expect(digestOf(again)).toBe(digestOf(one));
    expect(partingOf(one, again)).toBeUndefined();
    expect(partingOf(one, other)).toEqual({ one: one[0], other: other[0] });
    const log = (bytes: number): Entry[] =>
      ['lab.log-file', 'lab.secret-scan'].map(
        (kind, n) => ({ n, t: 0, source: 'lab', kind, bytes }) as unknown as Entry,
      );
    expect(digestOf(log(35_176))).toBe(digestOf(log(35_170)));
    expect(partingOf(one, [])).toEqual({ one: one[0], other: undefined });
  });
});

describe('an exploration', () => {
  it('is refused with the mistake, where it names a kind that there is none of', () => {
    const wrong = () => exploration({ ...declared, faults: { links: { a: ['rest' as 'reset'] } } });
    expect(wrong).toThrow(/explore\/example: faults\.links\.a/);
  });
});

describe('a stored schedule', () => {
  it('is read as it was written', () => {
    const stored = {
      version: 1,
      explored: 'x.ts',
      seed: 7,
      fails: 'no-error',
      faults: [{ kind: 'reset', link: 'a', atMs: 1, forMs: 2, params: {} }],
    };
    expect(parseSchedule(JSON.stringify(stored), 'f.json')).toEqual(stored);
  });

  it.each([
    '{',
    '[]',
    '{"version":2}',
    '{"version":1,"explored":"x","seed":1,"fails":"a","faults":[{"kind":"reset","atMs":-1}]}',
  ])('is refused as %s', (text) => {
    try {
      parseSchedule(text, 'f.json');
      expect.fail('it was read');
    } catch (error) {
      expect(isLabError(error) && error.code).toBe('LAB_BAD_INPUT');
      expect((error as Error).message).toContain('f.json');
    }
  });
});

describe('scouts', () => {
  const failsAt = (seed: number) => async (wanted: number) => ({
    failures: wanted === seed ? ['no-error'] : [],
    labMs: 1_000,
    reached: ['a strike'],
    struck: ['reset-1'],
  });

  it('are asked for each seed, and what fails there is played here', async () => {
    const asked: number[] = [];
    const { findings, tally } = await sweep({
      exploration: declared,
      player: playerThat(() => true),
      scouts: {
        look(seed) {
          asked.push(seed);
          return failsAt(3)(seed);
        },
        doubt: () => undefined,
      },
      seed: 1,
      goesOn: (runs, found) => runs < 9 && found === 0,
      repeatable: true,
    });
    expect(asked).toEqual([1, 2, 3]);
    expect(findings.map(({ seed }) => seed)).toEqual([3]);
    expect(tally.runs).toBe(3);
    expect(tally.reached.get('a strike')).toBe(3);
  });

  it('that saw what does not come again have seen something flaky', async () => {
    const { findings, flaky } = await sweep({
      exploration: declared,
      player: playerThat(() => false),
      scouts: { look: failsAt(2), doubt: () => undefined },
      seed: 1,
      goesOn: (runs) => runs < 3,
      repeatable: true,
    });
    expect(findings).toEqual([]);
    expect(flaky).toMatchObject([{ seed: 2, check: 'no-error', failsAgain: false }]);
  });

  it('that contradict each other prove nothing', async () => {
    const { doubt } = await sweep({
      exploration: declared,
      player: playerThat(() => false),
      scouts: { look: failsAt(9), doubt: () => 'one and two did not see the same' },
      seed: 1,
      goesOn: (runs) => runs < 3,
      repeatable: true,
    });
    expect(doubt).toBe('one and two did not see the same');
  });
});
