import { expect, it } from 'vitest';
import { accounted } from '../../../harness/checks/accounted.ts';
import type { CheckSpec } from '../../../harness/checks/check.ts';
import { count } from '../../../harness/checks/count.ts';
import { each } from '../../../harness/checks/each.ts';
import { statistic } from '../../../harness/checks/statistic.ts';
import { toxic } from '../../../harness/faults/toxic.ts';
import { type ScenarioDefinition, scenario } from '../../../harness/run/scenario.ts';
import { mistakesOf } from '../../../harness/run/scenario-mistakes.ts';

const request = { kind: 'server.log', event: 'request' } as const;
const faults = { slow: { fault: toxic({ type: 'latency', attributes: { latency: 1 } }), link: 'a→b' } };
const quiet = { of: { kind: 'agent.log', level: 'error' }, given: request, atMost: 0 } as const;

/** A check with parameters as they are when types are stripped. */
const spec = (check: string, params: object): CheckSpec => ({ check, title: 'it', params: { ...params } });
const mistakes = (checks: Record<string, CheckSpec>) => mistakesOf({ checks, reported: [], faults });

it('finds nothing wrong with a scenario in order', () => {
  const checks = {
    quiet: count('it is quiet', { ...quiet, during: 'slow' }),
    held: count('held back', { of: { kind: 'fault.strike', fault: 'slow-hold' }, given: request }),
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
  const definition = {
    id: 'mine/one',
    checks: { quiet: spec('count', { ...quiet, of: { kind: 'agent.lgo' } }) },
    reported: ['quiet'],
  } as unknown as ScenarioDefinition;

  expect(() => scenario(definition)).toThrow(
    expect.objectContaining({
      code: 'LAB_SCENARIO_BROKEN',
      message: 'mine/one: check `quiet`: of.kind: there is no kind agent.lgo; did you mean agent.log?',
    }),
  );
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
