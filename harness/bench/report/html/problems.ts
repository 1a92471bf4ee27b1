/** What a reader of a benchmark has to see first: what failed, what is in doubt, what became slower. */
import type { RunOutcome } from '../../../report/run-result.ts';
import type { BenchResult, NamedComparison, Row, WorkloadResult } from '../../bench-result.ts';
import { controlInWords, isRestless, ratioInWords } from '../figures.ts';
import { olderAnchor } from './older-section.ts';

export interface Problem {
  readonly tone: RunOutcome;
  /** Id of the section of the page that says more. */
  readonly anchor: string;
  readonly name: string;
  readonly text: string;
}

/** Id of a workload's section. */
export const anchorOf = (workload: string): string => `w-${workload.replaceAll(/[^\w-]/g, '.')}`;
/** Id of the section that compares with a saved file. */
export const baselineAnchor = 'baseline';

/** Those that make it not as expected first. */
export function problemsOf({ workloads, baseline, against }: BenchResult): Problem[] {
  const problems = [
    ...workloads.flatMap((workload) => rowProblems(workload, workload.rows)),
    ...workloads.flatMap((workload) => rowProblems(workload, workload.older?.rows ?? [])),
    ...workloads.flatMap(({ name, older }) =>
      older ? comparisonProblems(older.comparisons, olderAnchor, `${name} beside ${against?.ref}`) : [],
    ),
    ...(baseline ? comparisonProblems(baseline.comparisons, baselineAnchor, baseline.file) : []),
    ...workloads.flatMap(controlProblems),
  ];
  return [
    ...problems.filter(({ tone }) => tone === 'unexpected'),
    ...problems.filter(({ tone }) => tone !== 'unexpected'),
  ];
}

function comparisonProblems(
  comparisons: readonly NamedComparison[],
  anchor: string,
  name: string,
): Problem[] {
  const tell = (text: string, tone: RunOutcome): Problem => ({ tone, anchor, name, text });
  const slower = comparisons.filter(({ decision }) => decision === 'regression');
  const undecided = comparisons.filter(({ decision }) => decision === 'undecided').length;
  return [
    ...slower.map((one) => tell(`${one.title} became slower: ${ratioInWords(one)}`, 'unexpected')),
    ...(undecided > 0
      ? [tell(`${undecided} of ${comparisons.length} comparisons are undecided`, 'inconclusive')]
      : []),
    ...(comparisons.length === 0 ? [tell('nothing in it is about these rows', 'inconclusive')] : []),
  ];
}

function rowProblems({ name }: WorkloadResult, rows: readonly Row[]): Problem[] {
  return rows
    .filter(({ status }) => status !== 'measured')
    .map(({ id, status, reasons }) => ({
      tone: status === 'failed' ? 'unexpected' : 'inconclusive',
      anchor: anchorOf(name),
      name: `${name}, ${id}`,
      text: `${status}: ${reasons.join('; ')}`,
    }));
}

function controlProblems({ name, control }: WorkloadResult): Problem[] {
  if (!control || !isRestless(control)) return [];
  return [{ tone: 'inconclusive', anchor: anchorOf(name), name, text: controlInWords(control) }];
}
