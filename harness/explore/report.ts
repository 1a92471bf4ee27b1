/** What a sweep came to, as lines of text. */
import type { Entry } from '../journal/entry.ts';
import { explorationOutcome } from './outcome.ts';
import type { Finding, Flaky, Sweep } from './sweep.ts';
import { entryLine } from './timeline.ts';
import { duration } from './words.ts';

/** Whether a finding was seen again on real sockets: how often of how often. */
export interface Proof {
  readonly world: string;
  readonly failed: number;
  readonly times: number;
}

export interface ReportedFinding extends Finding {
  readonly replay: string;
  readonly scenario: string | undefined;
  readonly proof: Proof | undefined;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The whole of it. `realMs` is how long the sweep took. */
export function reportLines(
  {
    tally,
    findings,
    flaky,
    doubt,
  }: Omit<Sweep, 'findings'> & { readonly findings: readonly ReportedFinding[] },
  world: string,
  realMs: number,
): string[] {
  const aMinute = Math.round((tally.runs / Math.max(1, realMs)) * 60_000);
  return [
    ...findings.flatMap((finding) => findingLines(finding, world)),
    ...flaky.flatMap(flakyLines),
    ...table(
      ['drawn', 'schedules', 'struck'],
      [...tally.kinds].map(([kind, { scheduled, struck }]) => [
        kind,
        String(scheduled),
        percent(struck / scheduled),
      ]),
    ),
    ...table(
      ['reached', 'schedules', ''],
      [...tally.reached].map(([mark, times]) => [
        mark,
        String(times),
        times === 0 ? 'never' : percent(times / tally.runs),
      ]),
    ),
    ...table(
      ['what differs', 'failed', 'passed'],
      tally
        .differences()
        .map(({ feature, failed, passed, lift }) => [
          feature,
          percent(failed),
          `${percent(passed)}   ×${lift.toFixed(1)}`,
        ]),
    ),
    `${outcomeLine({ tally, findings, flaky, doubt })}`,
    `  ${tally.runs} schedules in ${duration(realMs)}: ${aMinute} a minute, ${duration(tally.labMs)} of lab time in the world ${world}`,
    ...(doubt === undefined ? [] : ['', doubt]),
  ];
}

function outcomeLine(sweep: Sweep): string {
  const { tally, findings, flaky } = sweep;
  const outcome = explorationOutcome(sweep);
  if (outcome === 'unexpected')
    return `✗ found ${findings.length}: ${findings.map(({ check }) => check).join(', ')}`;
  if (outcome === 'expected') return `✓ nothing found, ${tally.failed} of ${tally.runs} schedules failed`;
  const reasons = [
    ...tally.missed.map((mark) => `no schedule reached “${mark}”`),
    ...(flaky.length > 0 ? [`${flaky.length} failures did not come again`] : []),
    ...(sweep.doubt === undefined ? [] : ['something left the simulation']),
    ...(tally.runs === 0 ? ['no schedule was played'] : []),
  ];
  return `? inconclusive: ${reasons.join('; ')}`;
}

const faults = (number: number): string => `${number} fault${number === 1 ? '' : 's'}`;

function findingLines(finding: ReportedFinding, world: string): string[] {
  const { check, seed, sentence, played, drawn, schedule, executions, replay, scenario, proof } = finding;
  const result = played.checks.find(({ id }) => id === check);
  const measured =
    played.error ??
    (result === undefined ? '' : `${result.title}: ${result.measured}, expected ${result.expected}`);
  return [
    `✗ ${check}   seed ${seed}`,
    `  ${measured}`,
    `  ${sentence}.`,
    `  ${faults(drawn.faults.length)} drawn, ${schedule.faults.length} left after ${executions} executions`,
    `  ${world}: fails${proof === undefined ? '' : ` · ${proof.world}: fails ${proof.failed} of ${proof.times} times`}`,
    ...minimalTimeline(played.entries, result?.evidence ?? []).map((line) => `    ${line}`),
    `  again     ${replay}`,
    ...(scenario === undefined ? [] : [`  scenario  ${scenario}`]),
    '',
  ];
}

/** The faults, and what the check points at. */
function minimalTimeline(entries: readonly Entry[], evidence: readonly number[]): string[] {
  const shown = entries.filter(
    (entry) => entry.kind.startsWith('fault.') || evidence.slice(0, 6).includes(entry.n),
  );
  const lines = shown.slice(0, 14).map(entryLine);
  return shown.length > 14 ? [...lines, `… ${shown.length - 14} more`] : lines;
}

function flakyLines({ check, seed, failsAgain, parting }: Flaky): string[] {
  const end = (entry: Entry | undefined): string => (entry === undefined ? 'the end' : entryLine(entry));
  return [
    `? ${check}   seed ${seed}: ${failsAgain ? 'the second run failed in another way' : 'the second run passed'}`,
    ...(parting === undefined
      ? ['  the two runs are the same entry by entry']
      : ['  the two runs part here:', `    ${end(parting.one)}`, `    ${end(parting.other)}`]),
    '',
  ];
}

/** Columns that stand under each other; nothing where there is no row. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `  ${row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()}`;
  return [...all.map(line), ''];
}
