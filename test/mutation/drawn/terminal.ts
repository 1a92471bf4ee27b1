/** A report in a few lines, for who waited for it. */
import { isNoticed } from './judge.ts';
import { placeOf } from './mutant.ts';
import { inWords, type Report, stageInWords } from './report.ts';

/** What was not noticed and what never failed by name, and the score last, where one looks. */
export function toTerminal(report: Report): string[] {
  const { mutants, counts, stages, neverFailed, leftOut, score } = report;
  const unnoticed = mutants.filter(({ outcome }) => outcome !== 'equivalent' && !isNoticed(outcome));
  return [
    ...list(
      'not noticed',
      unnoticed.map(({ mutant, outcome, diff }) => {
        const change = diff.split('\n').find((line) => line.startsWith('+')) ?? '';
        return `${outcome.padEnd(12)}  ${placeOf(mutant)}  ${change.replaceAll(/\s+/g, ' ')}`;
      }),
    ),
    ...list('checks that were never seen to fail', neverFailed),
    ...list(
      'scenarios left out, since they are not as expected without a mutant',
      leftOut.map(({ stage, scenario }) => `${stage}: ${scenario}`),
    ),
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} ${name}`)
      .join(', '),
    ...stages.map(stageInWords),
    inWords(score),
  ];
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}: ${lines.length}`, ...lines.map((line) => `  ${line}`), ''];
}
