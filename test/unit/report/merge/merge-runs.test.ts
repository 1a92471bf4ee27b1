import { expect, it } from 'vitest';
import { mergeRuns } from '../../../../harness/report/merge/merge-runs.ts';
import type { RunResult, Shard } from '../../../../harness/report/run-result.ts';
import { runOf, scenario, subject } from '../fixture-run.ts';

const claim = (id: string): RunResult['claims'][number] => ({
  id,
  figure: id,
  requirement: 'R1.7',
  reportedBefore: 1,
  reportedAfter: 0,
  naive: 1,
  hardened: 0,
  unit: '',
  holds: true,
});

function part(index: number, places: readonly number[], fields: Partial<RunResult> = {}) {
  const shard: Shard = { index, of: 2, places, claimPlaces: places };
  const scenarios = places.map((place) => scenario(`s/${place}`));
  const claims = places.map((place) => claim(`c${place}`));
  return { directory: `/runs/${index}`, run: runOf(scenarios, { shard, claims, ...fields }) };
}

it('puts scenarios and claims in the order of the whole run, whatever the order of the parts', () => {
  const { run } = mergeRuns([part(2, [1, 4]), part(1, [0, 2, 3])]);

  expect(run.scenarios.map(({ id }) => id)).toEqual(['s/0', 's/1', 's/2', 's/3', 's/4']);
  expect(run.claims.map(({ id }) => id)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
  expect(run).not.toHaveProperty('shard');
});

it('begins with the first part, takes as long as all, and comes to the worst', () => {
  const { run } = mergeRuns([
    part(1, [0], { startedAt: '2026-03-02T09:31:00.000Z', durationMs: 1_000, outcome: 'inconclusive' }),
    part(2, [1], { startedAt: '2026-03-02T09:30:00.500Z', durationMs: 2_000, outcome: 'unexpected' }),
  ]);

  expect(run).toMatchObject({
    id: '2026-03-02T09-30-00-seed-7',
    startedAt: '2026-03-02T09:30:00.500Z',
    durationMs: 3_000,
    outcome: 'unexpected',
  });
});

it('merges runs that are no shards in the order in which they were given', () => {
  const one = { directory: '/a', run: runOf([scenario('z/last')]) };
  const other = { directory: '/b', run: runOf([scenario('a/first')]) };

  expect(mergeRuns([one, other]).run.scenarios.map(({ id }) => id)).toEqual(['z/last', 'a/first']);
});

it('gives journals of the same name names of their own, and says so in the run', () => {
  const played = (id: string, journal: string) =>
    scenario(id, { subjects: [subject('naive', [], { journal })] });
  const one = { directory: '/a', run: runOf([played('a/b__c', 'journals/a__b__c.naive.ndjson')]) };
  const other = { directory: '/b', run: runOf([played('a__b/c', 'journals/A__b__c.naive.ndjson')]) };

  const { run, copies } = mergeRuns([one, other]);

  expect(copies.map(({ directory, to }) => [directory, to])).toEqual([
    ['/a', 'journals/a__b__c.naive.ndjson'],
    ['/b', 'journals/A__b__c.naive.2.ndjson'],
  ]);
  expect(run.scenarios[1]?.subjects[0]?.journal).toBe('journals/A__b__c.naive.2.ndjson');
});

it('copies every journal into the folder of journals, so that none takes the place of a report', () => {
  const odd = scenario('a/b', { subjects: [subject('naive', [], { journal: 'index.html' })] });

  expect(mergeRuns([{ directory: '/a', run: runOf([odd]) }]).copies[0]?.to).toBe(
    'journals/index.html.ndjson',
  );
});

const agent: NonNullable<RunResult['subject']> = {
  name: 'poller',
  file: 'poller.json',
  command: ['./old'],
  server: 'reference',
  pace: { how: 'real', why: 'it is a static binary' },
};

it('says of which program it is, and once what that program could not play', () => {
  const left = { id: 's/9', title: 'Nine', why: ['it needs an adapter'] };
  const fields = { subject: agent, notApplicable: [left] };

  const { run } = mergeRuns([part(1, [0], fields), part(2, [1], fields)]);

  expect(run.subject).toEqual(agent);
  expect(run.notApplicable).toEqual([left]);
});

const shardOf = (index: number, of: number, place: number, fields: Partial<RunResult> = {}) => ({
  directory: `/runs/${place}`,
  run: runOf([scenario(`s/${place}`)], { shard: { index, of, places: [place], claimPlaces: [] }, ...fields }),
});

it.each([
  ['of another seed', [part(1, [0]), part(2, [1], { seed: 8 })], '/runs/2 has seed 8, but /runs/1 has 7'],
  ['of another world', [part(1, [0]), part(2, [1], { world: 'containers' })], 'has world containers'],
  ['of another pace', [part(1, [0]), part(2, [1], { pace: 1 })], 'has pace 1'],
  [
    'of another version',
    [part(1, [0]), part(2, [1], { versions: { ...runOf([]).versions, undici: '9.0.0' } })],
    'has version of undici 9.0.0, but /runs/1 has 8.12.4',
  ],
  [
    'of another subject',
    [part(1, [0], { subject: agent }), part(2, [1], { subject: { ...agent, command: ['./new'] } })],
    'has the subject poller (./new; server reference), but /runs/1 has poller (./old; server reference)',
  ],
  [
    'of the lab’s own agents',
    [part(1, [0], { subject: agent }), part(2, [1])],
    '/runs/2 has the subject none, but /runs/1 has poller',
  ],
  [
    'with the same scenario',
    [part(1, [0, 1]), part(2, [1])],
    'The scenario s/1 is in /runs/1 and in /runs/2',
  ],
  ['with a scenario twice in itself', [part(1, [0, 0]), part(2, [1])], 'is in /runs/1 twice'],
  ['without the other shard', [part(1, [0])], 'Shard 2/2 is missing'],
  [
    'without most shards',
    [shardOf(4, 20, 0)],
    'Shards 1/20, 2/20, 3/20, 5/20, 6/20, 7/20, 8/20, 9/20, 10/20, 11/20 and 9 more are missing',
  ],
  ['of a billion', [shardOf(1, 1e9, 0)], 'and 999999989 more are missing'],
  [
    'with a shard twice',
    [part(1, [0]), { ...part(1, [1]), directory: '/c' }],
    '/runs/1 and /c are both shard 1/2',
  ],
  ['of another division', [shardOf(1, 2, 0), shardOf(2, 3, 1)], '/runs/1 is shard 2/3, but another is 1/2'],
  ['beyond its number', [shardOf(1, 1, 0), shardOf(2, 1, 1)], '/runs/1 says that it is shard 2/1'],
  ['with one that is no shard', [part(1, [0]), { directory: '/w', run: runOf([]) }], '/w is no shard'],
  ['without a time', [part(1, [0], { startedAt: 'noon' })], 'says no time'],
  ['of nothing', [], 'There is nothing to merge'],
])('refuses parts %s', (_what, parts, message) => {
  expect(() => mergeRuns(parts)).toThrow(
    expect.objectContaining({ code: 'LAB_BAD_INPUT', message: expect.stringContaining(message) }) as Error,
  );
});
