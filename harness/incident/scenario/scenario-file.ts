/** Writes the scenario of an incident as a file that can be played, read and committed. */
import { scenarioText } from '../../scenario-text/scenario-text.ts';
import { type Writable, written } from '../../scenario-text/source-text.ts';
import type { IncidentEvent } from '../event.ts';
import type { IncidentPlan } from '../plan.ts';
import type { Match, Signature } from '../signatures/signature.ts';

/** What a scenario file is made of. */
export interface ScenarioFileOptions {
  readonly id: string;
  readonly signature: Pick<Signature, 'id' | 'title' | 'shows' | 'contradictedBy'>;
  readonly match: Match;
  /** The names of what was read. */
  readonly sources: readonly string[];
}

const mostEvidence = 6;
/** Lines of logs may be long; the file they come from has the rest. */
const longestLine = 300;

/** The text of the file. */
export function scenarioFile({ id, signature, match, sources }: ScenarioFileOptions): string {
  const { cast, parameters, evidence, reasons } = match;
  const { plan, faults, checks, reported, alone } = cast;
  return scenarioText({
    comment: [
      `${signature.title}.`,
      '',
      `Written by \`shaketable reproduce\` from ${sources.join(', ')}; signature ${signature.id}. The evidence:`,
      '',
      ...chosen(evidence).map(({ source, line, quote }) => `    ${source}:${line}  ${quote}`),
      '',
      'The figures:',
      '',
      ...parameters.map(
        ({ name, value, unit, from }) =>
          `- ${name}: ${value}${unit === undefined ? '' : ` ${unit}`}, ${from}`,
      ),
    ].map((line) => line.slice(0, longestLine)),
    names: ['type IncidentPlan', ...(isForAny(plan) ? ['anyIncident'] : []), 'playIncident'],
    before: [`const plan: IncidentPlan = ${written(plan as unknown as Writable)};`],
    id,
    title: signature.title,
    story: `${signature.shows} ${reasons.map(sentence).join(' ')}`,
    worlds: ['local'],
    alone,
    fastPace: paceOf(plan),
    faults,
    play: 'playIncident(plan)',
    anySubject: isForAny(plan) ? 'anyIncident(plan)' : undefined,
    checks,
    reported: alone === undefined ? reported : [],
  });
}

/** Whether a program that the lab does not know meets the same: what happens is between it and its server. */
export const isForAny = ({ part, certificate }: IncidentPlan): boolean =>
  part !== 'sync' && part !== 'channel' && certificate === undefined;

/** So many times faster than the clock that a run takes some ten seconds, and the shortest time in it is still kept. */
function paceOf({ everyMs, waits, steps }: IncidentPlan): number {
  const totalMs = steps.reduce((sum, { forMs }) => sum + forMs, 0);
  const fastest = waits === 'capped' ? 200 : everyMs >= 20_000 ? 30 : 10;
  // So that even a busy machine keeps the rhythm.
  const steady = Math.max(1, Math.round(everyMs / 150));
  return Math.min(fastest, steady, Math.max(1, Math.round(totalMs / 8_000)));
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Of many events, the first and the last. */
export function chosen(evidence: readonly IncidentEvent[], most = mostEvidence): readonly IncidentEvent[] {
  const distinct = evidence.filter(
    (event, index) =>
      evidence.findIndex((other) => other.source === event.source && other.line === event.line) === index,
  );
  return distinct.length <= most ? distinct : [...distinct.slice(0, most - 1), ...distinct.slice(-1)];
}
