/** The table of regressions fits the files as they are, so that it is noticed at once when a plant has lost its ground. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyTo, checksOf, scenariosOf } from '../../regressions/plant.ts';
import { plants } from '../../regressions/plants.ts';

const root = resolve(import.meta.dirname, '../../..');
const example = { name: 'example', what: '', file: 'a.ts', find: 'good', replace: 'bad', caughtBy: [] };

describe('a plant', () => {
  it('takes the place of the text that it looks for', () => {
    expect(applyTo('all is good here', example)).toBe('all is bad here');
  });

  it.each([
    ['all is well', 'not there'],
    ['good, very good', 'there 2 times'],
  ])('is refused in “%s”', (text, reason) => {
    expect(() => applyTo(text, example)).toThrow(`The place to plant example is ${reason} in a.ts: good`);
  });
});

describe('the table of regressions', () => {
  it.each(plants)('has a place for $name', (plant) => {
    const text = readFileSync(resolve(root, plant.file), 'utf8');

    expect(applyTo(text, plant)).not.toBe(text);
  });

  it.each(scenariosOf(plants))('names the scenario %s, which exists', (scenario) => {
    expect(existsSync(resolve(root, 'scenarios', `${scenario}.ts`))).toBe(true);
  });

  it('gives each plant a name of its own and at least one check', () => {
    expect(new Set(plants.map(({ name }) => name)).size).toBe(plants.length);
    for (const plant of plants) {
      expect(checksOf(plant)).not.toEqual([]);
      for (const { check } of checksOf(plant)) expect(check).toMatch(/^[a-z0-9-]+$/);
    }
  });
});
