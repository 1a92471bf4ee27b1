import { expect, it } from 'vitest';
import { repeatLines } from '../../../../harness/report/terminal/repeat-lines.ts';
import { runOf, scenario } from '../fixture-run.ts';

const good = (id: string) => scenario(id, { asExpected: true });
const doubtful = (id: string) => scenario(id, { asExpected: false, inconclusive: ['nothing struck'] });

it('says in one line that all held each time', () => {
  const runs = [7, 8].map((seed) => runOf([good('a/b'), good('a/c')], { seed }));

  expect(repeatLines(runs)).toEqual(['', '2 of 2 scenarios as expected in each of 2 runs']);
});

it('has a row for what did not hold each time, and a column a seed', () => {
  const runs = [
    runOf([good('a/b'), good('a/longer')], { seed: 9 }),
    runOf([good('a/b'), doubtful('a/longer')], { seed: 10 }),
    runOf([good('a/b')], { seed: 11 }),
  ];

  expect(repeatLines(runs)).toEqual([
    '',
    '1 of 2 scenarios as expected in each of 3 runs',
    '  seed      9  10  11',
    '  a/longer  ✓   ?   –',
  ]);
});
