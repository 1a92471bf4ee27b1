import { expect, it } from 'vitest';
import { accounted } from '../../../harness/checks/accounted.ts';
import type { CheckSpec } from '../../../harness/checks/check.ts';
import { count } from '../../../harness/checks/count.ts';
import { each } from '../../../harness/checks/each.ts';
import { statistic } from '../../../harness/checks/statistic.ts';
import { occupyServer } from '../../../harness/faults/occupy-server.ts';
import { refuseConnections } from '../../../harness/faults/refuse-connections.ts';
import { slowQueries } from '../../../harness/faults/slow-queries.ts';
import { toxic } from '../../../harness/faults/toxic.ts';
import { wrongService } from '../../../harness/faults/wrong-service.ts';
import { type ScenarioDefinition, scenario } from '../../../harness/run/scenario.ts';
import { mistakesOf } from '../../../harness/run/scenario-mistakes.ts';

const request = { kind: 'server.log', event: 'request' } as const;
const faults = { slow: { fault: toxic({ type: 'latency', attributes: { latency: 1 } }), link: 'a→b' } };
const quiet = { of: { kind: 'agent.log', level: 'error' }, given: request, atMost: 0 } as const;

/** A check with parameters as they are when types are stripped. */
const spec = (check: string, params: object): CheckSpec => ({ check, title: 'it', params: { ...params } });
const mistakes = (checks: Record<string, CheckSpec>) => mistakesOf({ checks, reported: [], faults });

/** A scenario in order, but for what is given: as a file declares it when types are stripped. */
const declaration = (more: object): ScenarioDefinition =>
  ({
    id: 'mine/one',
    title: 'Mine',
    requirements: [],
    story: 'It happens.',
    play: async () => {},
    faults,
    checks: { quiet: count('it is quiet', quiet) },
    reported: ['quiet'],
    ...more,
  }) as ScenarioDefinition;

it('finds nothing wrong with a scenario in order', () => {
  const checks = {
    quiet: count('it is quiet', { ...quiet, during: 'slow' }),
    held: count('held back', {
      of: { kind: 'fault.strike', fault: 'slow-hold' },
      given: request,
      atLeast: 1,
    }),
  };
  const claims = [{ id: 'c', check: 'quiet' }];

  expect(mistakesOf({ checks, reported: ['quiet'], claims, faults })).toEqual([]);
});

it.each<[string, CheckSpec, string]>([
  [
    'a kind',
    spec('count', { ...quiet, of: { kind: 'agent.lgo' } }),
    'of.kind: there is no kind agent.lgo; did you mean agent.log?',
  ],
  [
    'a kind of an optional scope',
    spec('count', { ...quiet, since: { kind: 'fault.instaled' } }),
    'since.kind: there is no kind fault.instaled; did you mean fault.installed?',
  ],
  [
    'a kind inside a parameter',
    spec('accounted', { happened: request, told: request, counted: { of: { kind: 'x.y' }, field: 'n' } }),
    'counted.of.kind: there is no kind x.y',
  ],
  [
    'a field of a closed kind',
    spec('count', { ...quiet, of: { kind: 'connection.close', byy: 'toxic' } }),
    'of.byy: entries of the kind connection.close have no field byy; did you mean by?',
  ],
  [
    'a field that a parameter names',
    spec('statistic', { of: { kind: 'connection.close' }, field: 'age', take: 'max', atMost: 1 }),
    'field: entries of the kind connection.close have no field age; did you mean ageMs?',
  ],
  [
    'a field of what each is to have',
    spec('each', { of: { kind: 'connection.close' }, has: { emd: 'fin' }, given: request }),
    'has.emd: entries of the kind connection.close have no field emd; did you mean end?',
  ],
  [
    'a fault in a scope',
    spec('count', { ...quiet, during: 'slwo' }),
    'during: the scenario has no fault slwo; did you mean slow?',
  ],
  [
    'a fault in a matcher',
    spec('count', { ...quiet, of: { kind: 'fault.strike', fault: 'slwo' } }),
    'of.fault: the scenario has no fault slwo; did you mean slow?',
  ],
  ['a kind of check', spec('cuont', quiet), 'there is no kind of check cuont; did you mean count?'],
])('names check, place and nearest word for %s that is misspelt', (_what, check, message) => {
  expect(mistakes({ quiet: check })).toEqual([expect.stringContaining(`check \`quiet\`: ${message}`)]);
});

it.each([
  { what: 'open', range: [0, Number.POSITIVE_INFINITY], refused: false },
  { what: 'of no number', range: [Number.NaN, 1], refused: true },
  { what: 'of one end', range: [1], refused: true },
])('refuses a range of a claim that is $what: $refused', ({ range, refused }) => {
  const claim = { id: 'c', figure: 'f', requirement: 'R1', reportedBefore: 1, reportedAfter: 2, unit: '' };
  const declare = () =>
    scenario(declaration({ claims: [{ ...claim, check: 'quiet', before: range, after: [0, 1] }] }));

  if (refused) expect(declare).toThrow('before');
  else expect(declare).not.toThrow();
});

it('finds the matchers of faults, and the checks that others name', () => {
  const event = JSON.parse('{ "kind": "fault.strke" }') as never;
  const checks = { quiet: count('it is quiet', quiet) };
  const claims = [{ id: 'c', check: 'quite' }];

  expect(
    mistakesOf({
      checks,
      reported: ['quit'],
      claims,
      faults: { slow: { ...faults.slow, from: { event }, until: { event } } },
    }),
  ).toEqual([
    'reported: there is no check quit; did you mean quiet?',
    'claim `c`: there is no check quite; did you mean quiet?',
    'fault `slow`: from.event.kind: there is no kind fault.strke; did you mean fault.strike?',
    'fault `slow`: until.event.kind: there is no kind fault.strke; did you mean fault.strike?',
  ]);
});

it('refuses to declare such a scenario, with its id in every line', () => {
  const checks = { quiet: spec('count', { ...quiet, of: { kind: 'agent.lgo' } }) };
  const definition = declaration({ checks, reported: ['quiet'] });

  expect(() => scenario(definition)).toThrow(
    expect.objectContaining({
      code: 'LAB_SCENARIO_BROKEN',
      message: 'mine/one: check `quiet`: of.kind: there is no kind agent.lgo; did you mean agent.log?',
    }),
  );
});

const slow = faults.slow;
const claim = {
  id: 'c',
  figure: 'f',
  requirement: 'R1',
  reportedBefore: 1,
  reportedAfter: 1,
  unit: '',
  check: 'quiet',
  before: [1, 2],
  after: [1, 2],
};

it.each<[string, object, string]>([
  ['an unknown field', { faluts: {} }, 'there is no `faluts`; did you mean faults?'],
  ['a missing field', { story: undefined }, 'story: it is missing'],
  ['an id that is no path', { id: '/mine' }, 'id: expected a path'],
  ['a check that is no check', { checks: { quiet: {} } }, 'checks.quiet.check: it is missing'],
  ['reported names without a list', { reported: 'quiet' }, 'reported: Invalid input'],
  ['an unknown world', { worlds: ['locla'] }, 'worlds.0: there is no locla; did you mean local?'],
  ['a pace below the real one', { fastPace: 0 }, 'fastPace: '],
  ['a play that is no function', { play: 'later' }, 'play: expected a function'],
  ['an unknown waiver', { waives: { 'standing-no-secrets': 'x' } }, 'waives'],
  [
    'an unknown field of a fault',
    { faults: { slow: { ...slow, form: 'start' } } },
    'faults.slow: there is no `form`; did you mean from?',
  ],
  [
    'an unknown trigger',
    { faults: { slow: { ...slow, from: 'later' } } },
    "faults.slow.from: expected 'start'",
  ],
  [
    'a misspelt trigger',
    { faults: { slow: { ...slow, until: { afterSeconds: 1 } } } },
    'faults.slow.until: expected { afterMs }',
  ],
  [
    'a misspelt parameter of a fault',
    { faults: { slow: { fault: slowQueries(JSON.parse('{ "table": "items", "delayMS": 5 }')) } } },
    'mine/one: fault `slow`: there is no `delayMS`; did you mean delayMs?',
  ],
  [
    'a fault on a link without one',
    { faults: { down: { fault: refuseConnections() } } },
    'fault `down`: link: it is missing; refuse_connections is made on one',
  ],
  [
    'other clients without a link',
    { faults: { busy: { fault: occupyServer({ requests: 1, path: '/', tokenFrom: 'SELECT 1' }) } } },
    'fault `busy`: link: it is missing; occupy_server is made on one',
  ],
  [
    'a fault on two links',
    { faults: { wrong: { fault: wrongService({ link: 'a→b', answers: 'nobody' }), link: 'a→c' } } },
    'fault `wrong`: link: it is planned on a→c, and its own parameter says a→b',
  ],
  [
    'a trigger by a fault that there is not',
    { faults: { slow: { ...slow, from: { event: { kind: 'fault.lifted', fault: 'solw' } } } } },
    'fault `slow`: from.event.fault: the scenario has no fault solw; did you mean slow?',
  ],
  [
    'a fault made by hand that cannot be put in force',
    { faults: { slow: { ...slow, fault: { ...slow.fault, install: undefined } } } },
    'faults.slow.fault.install: expected a function',
  ],
  [
    'a fault made by hand in an unknown world',
    { faults: { slow: { ...slow, fault: { ...slow.fault, worlds: ['locla'] } } } },
    'faults.slow.fault.worlds.0: there is no locla; did you mean local?',
  ],
  [
    'a fault that is none',
    { faults: { slow: { fault: 'latency' } } },
    'faults.slow.fault: expected what a function',
  ],
  [
    'two programs alone',
    { subjects: ['a', 'b'], reported: [] },
    'subjects: expected the name of one program',
  ],
  ['a program that is a path', { subjects: ['../mine'], reported: [] }, 'subjects.0: expected letters'],
  ['a program alone that was reported', { subjects: ['mine'] }, 'subjects: mine is alone'],
  ['two programs of which none was reported', { reported: [] }, 'reported: it has to name a check'],
  ['a range with one end', { claims: [{ ...claim, before: [1] }] }, 'claims.0.before: expected a range'],
  [
    'an unknown field of a claim',
    { claims: [{ ...claim, scael: 2 }] },
    'claims.0: there is no `scael`; did you mean scale?',
  ],
])('refuses %s', (_name, more, expected) => {
  expect(() => scenario(declaration(more))).toThrow(expected);
});

it.each<[string, CheckSpec, string]>([
  [
    'a bound',
    spec('count', { ...quiet, atMost: undefined, atMots: 0 }),
    'there is no `atMots`; did you mean atMost?',
  ],
  ['no bound at all', spec('count', { ...quiet, atMost: undefined }), 'there is no bound'],
  ['a bound in words', spec('count', { ...quiet, atMost: '0' }), 'atMost: Invalid input'],
  ['bounds that cross', spec('count', { ...quiet, atLeast: 1 }), 'atLeast: 1 is more than atMost, 0'],
  ['what has to be there', spec('count', { ...quiet, given: undefined }), 'given: it is missing'],
  ['a matcher in words', spec('count', { ...quiet, of: 'agent.log' }), 'of: expected a matcher'],
  [
    'how many, where none would do',
    spec('ratio', { of: request, per: request, atMost: 1, fewest: 0 }),
    'fewest: with 0',
  ],
  [
    'a figure',
    spec('statistic', { of: request, field: 'durationMs', take: 'maximum', atMost: 1 }),
    'take: there is no maximum',
  ],
  [
    'a wait',
    spec('followed', { each: request, by: request, withinSeconds: 3 }),
    'there is no `withinSeconds`',
  ],
  [
    'a field inside',
    spec('accounted', { happened: request, told: request, counted: { of: request } }),
    'counted.field: it is missing',
  ],
])('says what is wrong with %s of a check', (_name, check, expected) => {
  expect(mistakes({ quiet: check }).join()).toContain(`check \`quiet\`: ${expected}`);
});

it('takes every parameter of a check that is a matcher for one', () => {
  const all = [accounted, count, each, statistic].map(({ kind }) => Object.keys(kind.reads));

  expect(all).toEqual([
    ['since', 'before', 'happened', 'told', 'counted.of'],
    ['since', 'before', 'of', 'given'],
    ['since', 'before', 'of', 'given'],
    ['since', 'before', 'of'],
  ]);
});
