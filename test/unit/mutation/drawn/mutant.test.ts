import { describe, expect, it } from 'vitest';
import { applyTo, diffOf } from '../../../mutation/drawn/mutant.ts';
import { mutant, mutantsOf, variantsOf } from './mutants.ts';

describe('a mutant', () => {
  it.each([
    [
      'an operator that binds less',
      'f(a && b && c);',
      'LogicalOperator',
      ['f((a && b || c));', 'f((a || b) && c);'],
    ],
    [
      'a mixture that is no syntax',
      'f(a ?? b ?? c);',
      'LogicalOperator',
      ['f(((a ?? b) && c));', 'f((a && b) ?? c);'],
    ],
    [
      'a sum in a product',
      'f(2 * (a + b));',
      'ArithmeticOperator',
      ['f((2 / (a + b)));', 'f(2 * ((a - b)));'],
    ],
    ['what was negated', 'f(!(a || b), c);', 'BooleanLiteral', ['f((a || b), c);']],
    ['what a method is called on', 'f((a ?? b).trim().length);', 'MethodExpression', ['f((a ?? b).length);']],
    ['a chain that stays one', 'f(a?.b.c);', 'OptionalChaining', ['f(a.b.c);']],
    ['a block', 'if (a) { b(); }', 'BlockStatement', ['if (a) {}']],
    ['a statement', 'b();\nc();', 'CallExpression', [';\nc();', 'b();\n;']],
    ['a text', "f('a');", 'StringLiteral', ['f("");']],
  ])('replaces %s and nothing around it', async (_, text, mutator, expected) => {
    const variants = await variantsOf(text, mutator);

    expect(variants.toSorted()).toEqual(expected.toSorted());
  });

  it('is refused in a text that has something else in its place', () => {
    expect(() => applyTo('a > b', mutant())).toThrow(
      'The text of services/a.ts has changed at services/a.ts:1:1',
    );
  });

  it('stands where editors find it', async () => {
    const { mutants } = await mutantsOf('const x = 1;\n  f(a < b);');

    expect(mutants).toContainEqual(expect.objectContaining({ line: 2, column: 5, original: 'a < b' }));
  });

  it('has the ids of its marks', async () => {
    const { mutants, files } = await mutantsOf('f(a < b);');

    expect(files[0]?.text).toContain(`stryMutAct_9fa48("${mutants.at(-1)?.id}")`);
  });
});

describe('the diff', () => {
  it('shows whole lines', () => {
    const text = 'const x = 1;\n  if (a < b) c();\nd();';
    const found = mutant({ offset: text.indexOf('a <') });

    expect(diffOf(text, found)).toBe('-   if (a < b) c();\n+   if ((a <= b)) c();');
  });

  it('shortens a long block', () => {
    const block = `{\n${'  a();\n'.repeat(20)}}`;
    const lines = diffOf(block, mutant({ original: block, replacement: '{}' })).split('\n');

    expect(lines).toHaveLength(10);
    expect(lines.slice(-3)).toEqual(['- …', '- }', '+ ({})']);
  });
});
