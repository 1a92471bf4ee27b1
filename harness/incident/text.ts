/** An incident, what it shows and what came of playing it, as text for a terminal. */
import { relative } from 'node:path';
import { showDuration } from '../report/text.ts';
import { axisLines } from './axis.ts';
import type { Compared } from './compare.ts';
import type { Diagnosis } from './diagnosis.ts';
import { familyOf } from './event.ts';
import type { Feature } from './features/features.ts';
import { type Reproduction, stoodStillMs } from './reproduction.ts';
import { chosen } from './scenario/scenario-file.ts';

/** What was read, and the pattern that was found in it. */
export function diagnosisLines(diagnosis: Diagnosis): string[] {
  const { incident, ranked } = diagnosis;
  const [first, ...others] = ranked;
  return [
    ...(incident.title === undefined ? [] : [`“${incident.title}”`]),
    ...incident.sources.flatMap(({ name, format, side, read, notes }) => [
      `  read     ${name}: ${amountOf(read, format)}, ${format}, of the ${side}`,
      ...notes.map((note) => `           ${note}`),
    ]),
    `  events   ${eventCounts(diagnosis)}`,
    ...(first === undefined
      ? ['  pattern  none: nothing in it fits a signature of the lab, and nothing is made up']
      : [
          `  pattern  ${first.signature.id} (${first.match.score.toFixed(2)}): ${first.signature.title}`,
          ...first.match.reasons.map((reason) => `    for      ${reason}`),
          ...first.match.against.map((reason) => `    against  ${reason}`),
          ...first.match.parameters.map(
            ({ name, value, unit, from }) =>
              `    figure   ${name} ${value}${unit === undefined ? '' : ` ${unit}`}: ${from}`,
          ),
          ...chosen(first.match.evidence, 3).map(
            ({ source, line, quote }) => `    line     ${source}:${line}  ${quote.slice(0, 140)}`,
          ),
          ...others
            .slice(0, 3)
            .map(
              ({ signature, match }) =>
                `    or       ${signature.id} (${match.score.toFixed(2)}): ${signature.title}`,
            ),
        ]),
  ];
}

function amountOf(read: number, format: string): string {
  const unit = format === 'HAR' ? 'exchange' : format.startsWith('pcap') ? 'packet' : 'line';
  return `${read} ${unit}${read === 1 ? '' : 's'}`;
}

function eventCounts({ observed }: Diagnosis): string {
  const counts = new Map<string, number>();
  for (const event of observed.events) {
    const name = familyOf(event) ?? event.kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const parts = [...counts].toSorted(([, a], [, b]) => b - a).map(([name, count]) => `${count} × ${name}`);
  return parts.length === 0 ? 'none' : parts.slice(0, 8).join(', ');
}

/** How the reproduction compares, feature by feature. */
export function reproductionLines(reproduction: Reproduction): string[] {
  const { comparison, programs, file, diagnosis, scenario, axis } = reproduction;
  const { title } = diagnosis.incident;
  const rows = comparison.features.map((compared) => ({
    id: compared.id,
    incident: valueText(compared.incident, compared.unit),
    again: valueText(compared.reproduction, compared.unit),
    mark: markOf(compared),
  }));
  const width = Math.max(7, ...rows.map(({ id }) => id.length));
  const column = Math.max(8, ...rows.map(({ incident }) => incident.length));
  const last = Math.max(10, ...rows.map(({ again }) => again.length));
  return [
    ...(title === undefined ? [] : [`“${title}”`]),
    `  ${'feature'.padEnd(width)}  ${'incident'.padEnd(column)}  ${'played'.padEnd(last)}`,
    ...rows.map(
      ({ id, incident, again, mark }) =>
        `  ${id.padEnd(width)}  ${incident.padEnd(column)}  ${again.padEnd(last)}  ${mark}`,
    ),
    `  → ${comparison.verdict}${comparison.verdict === 'similar' ? `: ${differences(comparison.features)}` : ''}`,
    ...stallLines(reproduction),
    ...axisLines(axis),
    ...programs.map(
      ({ name, outcome, alarms }) =>
        `    ${name.padEnd(8)} ${alarms} ${alarms === 1 ? 'record' : 'records'} above INFO, ${outcomeText[outcome]}`,
    ),
    ...(scenario.asExpected
      ? []
      : ['    as a scenario it is not as expected yet: see the report before you commit it']),
    `    scenario ${relative(process.cwd(), file)}`,
    `    again    ${scenario.replay}`,
  ];
}

function stallLines(reproduction: Reproduction): string[] {
  const ms = stoodStillMs(reproduction);
  if (ms === undefined) return [];
  return [
    `    this machine stood still for ${showDuration(ms)} meanwhile, which may be why: play it again on an idle one`,
  ];
}

const outcomeText = {
  pass: 'passes the checks',
  fail: 'fails the checks',
  unknown: 'cannot be judged',
} as const;

function markOf({ agrees, incident, reproduction }: Compared): string {
  if (incident === undefined) return agrees ? '+ not in the incident’s data' : '✗ not in the incident';
  if (reproduction === undefined) return '✗ missing';
  return agrees ? '✓' : '✗';
}

const differences = (features: readonly Compared[]): string =>
  features
    .filter(({ agrees }) => !agrees)
    .map(({ id, unit, incident, reproduction }) =>
      incident === undefined
        ? `${id.replace(/^shows /, '')} besides`
        : reproduction === undefined
          ? `no ${id.replace(/^shows /, '')}`
          : `${id} ${valueText(reproduction, unit)} in place of ${valueText(incident, unit)}`,
    )
    .join('; ');

/** A figure with its unit. */
export function valueText(value: Feature['value'] | undefined, unit: Feature['unit']): string {
  if (value === undefined) return '–';
  if (unit === 'yes') return 'yes';
  return [value]
    .flat()
    .map((one) => numberText(one, unit))
    .join(', ');
}

function numberText(value: number, unit: Feature['unit']): string {
  if (unit === 'ms')
    return value >= 1_000 ? `${Number((value / 1_000).toPrecision(3))} s` : `${Math.round(value)} ms`;
  if (unit === 'share') return `${Math.round(value * 100)} %`;
  return `${Number(value.toPrecision(3))}${unit === 'factor' ? '×' : ''}`;
}
