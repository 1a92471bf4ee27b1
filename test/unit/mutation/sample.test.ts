import { expect, it } from 'vitest';
import { mutants } from '../../mutation/mutants.ts';
import { sampleOf } from '../../mutation/sample.ts';

const names = (size: string | undefined, seed?: string): string[] =>
  sampleOf(mutants, size, seed).map(({ name }) => name);

it('takes all mutants unless a size is given', () => {
  expect(sampleOf(mutants, undefined)).toEqual(mutants);
});

it('draws as many as asked for, the same ones for the same seed', () => {
  expect(names('12', '7')).toHaveLength(12);
  expect(names('12', '7')).toEqual(names('12', '7'));
  expect(names('12', '7')).not.toEqual(names('12', '8'));
});

it('keeps their order', () => {
  const all = mutants.map(({ name }) => name);
  const places = names('12', '7').map((name) => all.indexOf(name));

  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

it.each(['0', '-1', 'many', '1.5'])('refuses %s as a size', (size) => {
  expect(() => sampleOf(mutants, size)).toThrow(`whole number, 1 or more, got ${size}`);
});
