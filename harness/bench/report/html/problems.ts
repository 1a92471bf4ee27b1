/** What a reader of a benchmark has to see first: what failed, what is in doubt, what became slower. */
import type { RunOutcome } from '../../../report/run-result.ts';
import type { BenchResult, WorkloadResult } from '../../bench-result.ts';
import { controlInWords, isRestless, ratioInWords } from '../figures.ts';

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
export function problemsOf({ workloads, baseline }: BenchResult): Problem[] {
  const slower = (baseline?.comparisons ?? []).filter(({ decision }) => decision === 'regression');
  const undecided = (baseline?.comparisons ?? []).filter(({ decision }) => decision === 'undecided');
  const beside = (text: string, tone: RunOutcome): Problem => ({
    tone,
    anchor: baselineAnchor,
    name: baseline?.file ?? '',
    text,
  });
  const problems = [
    ...workloads.flatMap(rowProblems),
    ...slower.map((one) => beside(`${one.title} became slower: ${ratioInWords(one)}`, 'unexpected')),
    ...workloads.flatMap(controlProblems),
    ...(undecided.length > 0
      ? [
          beside(
            `${undecided.length} of ${baseline?.comparisons.length} comparisons are undecided`,
            'inconclusive',
          ),
        ]
      : []),
    ...(baseline?.comparisons.length === 0
      ? [beside('nothing in it is about these rows', 'inconclusive')]
      : []),
  ];
  return [
    ...problems.filter(({ tone }) => tone === 'unexpected'),
    ...problems.filter(({ tone }) => tone !== 'unexpected'),
  ];
}

function rowProblems({ name, rows }: WorkloadResult): Problem[] {
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
