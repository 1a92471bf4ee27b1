/**
 * The table of mutants fits the files as they are, so that it is noticed at once when a mutant has lost its ground or
 * the check that is to notice it.
 */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { standingCheckIds } from '../../../harness/standing/index.ts';
import { applyTo, checksOf, scenariosOf } from '../../mutation/mutant.ts';
import { mutants } from '../../mutation/mutants.ts';

const root = resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(resolve(root, file), 'utf8');
const example = { name: 'example', what: '', file: 'a.ts', find: 'good', replace: 'bad', caughtBy: [] };

/** The keys in the text of a scenario, and of the rigs that it takes checks from. */
function keysOf(scenario: string): Set<string> {
  const text = read(`scenarios/${scenario}.ts`);
  const rigs = [...text.matchAll(/from '\.\.\/(rigs\/\w+\.ts)'/g)].map(([, rig]) => read(`scenarios/${rig}`));
  const keys = [text, ...rigs].flatMap((part) => [...part.matchAll(/^ +'?([\w-]+)'?: /gm)]);
  return new Set(keys.map(([, key = '']) => key));
}

describe('a mutant', () => {
  it('takes the place of the text that it looks for', () => {
    expect(applyTo('all is good here', example)).toBe('all is bad here');
  });

  it.each([
    ['all is well', 'not there'],
    ['good, very good', 'there 2 times'],
  ])('is refused in “%s”', (text, reason) => {
    expect(() => applyTo(text, example)).toThrow(
      `The place to change for example is ${reason} in a.ts: good`,
    );
  });
});

describe('the table of mutants', () => {
  it.each(mutants)('has a place for $name', (mutant) => {
    const text = read(mutant.file);

    expect(applyTo(text, mutant)).not.toBe(text);
  });

  it.each(scenariosOf(mutants))('names checks that %s has', (scenario) => {
    const wanted = mutants.flatMap(checksOf).filter((caught) => caught.scenario === scenario);
    const keys = new Set<string>([...keysOf(scenario), ...standingCheckIds]);

    expect(wanted.map(({ check }) => check).filter((check) => !keys.has(check))).toEqual([]);
  });

  it('gives each mutant a name of its own and at least one check', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    for (const mutant of mutants) expect(checksOf(mutant)).not.toEqual([]);
  });
});
