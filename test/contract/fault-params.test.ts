/**
 * The contract of a fault's parameters: a scenario that gives a word, a type or a number that the fault does not know is refused where
 * it is declared, with the fault, the key and the nearest right word.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../harness/faults/fault.ts';
import * as lab from '../../harness/index.ts';
import { mistakesOf } from '../../harness/run/scenario-mistakes.ts';

type Make = (...given: unknown[]) => Fault;

/** Parameters of each fault that are in order; those of one that takes no object are in an array. */
const samples: Readonly<Record<string, object>> = {
  changeRows: {
    kind: 'account_disabled',
    apply: 'UPDATE {schema}.clients SET is_active = 0',
    revert: 'UPDATE {schema}.clients SET is_active = 1',
    struckBy: { kind: 'server.log', event: 'auth_failed' },
  },
  connectionLimit: {},
  deadlocks: { first: 'UPDATE a SET b = 1', second: 'UPDATE a SET b = 2', times: 2 },
  flawedCertificate: ['expired', 'agent→server'],
  holdLocks: { lock: 'SELECT * FROM items FOR UPDATE' },
  holdTable: { table: 'clients' },
  idleTimeout: { seconds: 1 },
  killConnections: {},
  loseAnswers: { applied: { kind: 'server.log', event: 'request' }, holdMs: 3_000 },
  occupyServer: { requests: 4, path: '/api', tokenFrom: 'SELECT client_token FROM {schema}.clients' },
  readOnly: { connections: 'already' },
  refuseConnections: {},
  restartDatabase: { downMs: 2_000, link: 'server→mysql', graceful: false },
  serverGone: { how: 'reset' },
  slowQueries: { table: 'items', delayMs: 3_000, where: 'NEW.id = 1' },
  unresolvableName: ['server.shaketable.test', 'EAI_AGAIN'],
  wrongService: { link: 'agent→server', answers: 'a database' },
};

const make = (name: string, given: object): Fault => {
  const fault = (lab as unknown as Record<string, Make>)[name];
  return fault?.(...(Array.isArray(given) ? given : [given])) ?? expect.fail(`there is no fault ${name}`);
};

/** What a scenario says of the fault when it is declared. */
function mistakes(name: string, given: object): readonly string[] {
  const fault = make(name, given);
  const link = ['link', 'load'].includes(fault.place)
    ? { link: String(fault.params.link ?? 'agent→server') }
    : {};
  return mistakesOf({ checks: {}, reported: [], faults: { mine: { fault, ...link } } });
}

/** The sample with another value for one of its parameters. */
const change = (given: object, key: string, value: unknown): object =>
  Array.isArray(given) ? given.with(Number(key), value) : { ...given, [key]: value };

it('has every fault of the lab but the toxics', () => {
  const source = readFileSync(new URL('../../harness/index.ts', import.meta.url), 'utf8');
  const faults = [...source.matchAll(/^export \{ (\w+) \} from '\.\/faults\//gm)].map(([, name]) => name);

  expect(Object.keys(samples).toSorted()).toEqual(faults.filter((name) => name !== 'toxic').toSorted());
});

describe.each(Object.entries(samples))('%s', (name, sample) => {
  const keys = Object.entries(sample);
  const numbers = keys.filter(([, value]) => typeof value === 'number').map(([key]) => key);

  it('takes what is in order', () => {
    expect(mistakes(name, sample)).toEqual([]);
    expect(make(name, sample).mistakes).toBeUndefined();
  });

  if (!Array.isArray(sample))
    it('refuses a key that it does not have', () => {
      expect(mistakes(name, { ...sample, colour: 'red' })).toEqual([
        expect.stringMatching(/^fault `mine`: there is no `colour`/),
      ]);
    });

  it.each(keys.map(([key]) => key))('refuses %s of another type', (key) => {
    for (const wrong of [() => {}, [[]], null]) {
      const [said, ...more] = mistakes(name, change(sample, key, wrong));
      expect(said, `${key} = ${String(wrong)}`).toMatch(/^fault `mine`: \w+(\.\w+)?: /);
      expect(more).toEqual([]);
    }
  });

  it.each(numbers)('refuses %s out of range', (key) => {
    const none = key === 'downMs' ? [] : [0]; // A restart may take no longer than it has to.
    for (const wrong of [-1, ...none, Number.NaN, Number.POSITIVE_INFINITY, '3000'])
      expect(mistakes(name, change(sample, key, wrong)), `${key} = ${wrong}`).toHaveLength(1);
  });

  it('says what is wrong also where no scenario is declared', async () => {
    const broken = Array.isArray(sample) ? change(sample, '0', 7) : { ...sample, colour: 'red' };

    await expect(make(name, broken).install({} as Parameters<Fault['install']>[0])).rejects.toMatchObject({
      code: 'LAB_BAD_INPUT',
    });
  });
});

it.each<[string, string, object, string]>([
  [
    'a misspelt key',
    'slowQueries',
    { table: 'items', delay: 5 },
    'there is no `delay`; did you mean delayMs?',
  ],
  ['a key that is missing', 'restartDatabase', { downMs: 5 }, 'link: it is missing'],
  [
    'a misspelt word',
    'readOnly',
    { connections: 'alredy' },
    'connections: there is no alredy; did you mean already?',
  ],
  [
    'a misspelt flaw',
    'flawedCertificate',
    ['expird', 'a→b'],
    'flaw: there is no expird; did you mean expired?',
  ],
  ['part of a second', 'idleTimeout', { seconds: 0.5 }, 'seconds: '],
  ['a table that is none', 'holdTable', { table: 'clients; DROP' }, 'table: expected the name of a table'],
  [
    'a place holder that nothing replaces',
    'changeRows',
    { ...samples.changeRows, apply: 'UPDATE {shema}.clients SET is_active = 0' },
    'apply: there is no {shema}; did you mean {schema}?',
  ],
  [
    'a matcher that nothing can fit',
    'loseAnswers',
    { applied: { kind: 'server.lgo' } },
    'applied.kind: there is no kind server.lgo; did you mean server.log?',
  ],
])('names the key and the nearest word for %s', (_what, name, given, said) => {
  expect(mistakes(name, given)).toContainEqual(expect.stringContaining(`fault \`mine\`: ${said}`));
});
