import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { equivalents } from '../../../mutation/drawn/equivalents.ts';
import { instrument } from '../../../mutation/drawn/instrument.ts';
import { type Equivalent, entryFor, matchEquivalents } from '../../../mutation/drawn/match-equivalents.ts';
import { projectRoot } from '../../../mutation/scratch-copy.ts';
import { mutantsOf } from './mutants.ts';

const text = 'function f() {\n  if (a < b) return [a < b];\n  return a < b;\n}\n';
const entry: Equivalent = {
  file: 'services/a.ts',
  mutator: 'EqualityOperator',
  line: 'return a < b;',
  original: 'a < b',
  replacement: 'a <= b',
  because: 'they are never equal',
};

async function placesOf(entries: readonly Equivalent[], source = text): Promise<string[]> {
  const { mutants } = await mutantsOf(source);
  const reasons = matchEquivalents(entries, mutants, () => source);
  return mutants.filter(({ id }) => reasons.has(id)).map(({ line, column }) => `${line}:${column}`);
}

describe('an equivalent mutant', () => {
  it('is known by its content, wherever its line has gone', async () => {
    expect(await placesOf([entry])).toEqual(['3:10']);
    expect(await placesOf([entry], `// A comment\n\n${text.replaceAll('  ', '    ')}`)).toEqual(['5:12']);
  });

  it('is told from others of its line by its number', async () => {
    const line = 'if (a < b) return [a < b];';

    expect(await placesOf([{ ...entry, line, nth: 2 }])).toEqual(['2:22']);
    await expect(placesOf([{ ...entry, line }])).rejects.toThrow(
      'services/a.ts:2:7, services/a.ts:2:22; say which',
    );
  });

  it('may be named by the beginning of a long original', async () => {
    const block = { mutator: 'BlockStatement', line: 'function f() {', replacement: '{}' };

    expect(await placesOf([{ ...entry, ...block, original: '{ if (a < b)…' }])).toEqual(['1:14']);
  });

  it.each([
    ['line', 'return a < c;'],
    ['original', 'a < c'],
    ['replacement', 'a >= c'],
    ['mutator', 'BooleanLiteral'],
  ])('is refused when the code has another %s', async (field, value) => {
    await expect(placesOf([{ ...entry, [field]: value }])).rejects.toThrow(
      'the code has changed, so review it again',
    );
  });

  it('is written by the report so that it is known again, each one of a file', async () => {
    const { mutants } = await mutantsOf(text);
    const entries = mutants.map((mutant) => entryFor(mutant, mutants, () => text));

    expect([...matchEquivalents(entries, mutants, () => text).keys()]).toEqual(mutants.map(({ id }) => id));
  });
});

it('knows only equivalents that the code has', async () => {
  const files = [...new Set(equivalents.map(({ file }) => file))];
  const sources = files.map((file) => ({ file, text: readFileSync(join(projectRoot, file), 'utf8') }));
  const { mutants } = await instrument(sources);
  const textOf = (file: string): string => sources.find((source) => source.file === file)?.text ?? '';

  expect(matchEquivalents(equivalents, mutants, textOf).size).toBe(equivalents.length);
});
