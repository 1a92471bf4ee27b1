/** What came of playing an incident: the features of the new logs beside those of the old, for the program’s part and for the hardened one. */
import { join } from 'node:path';
import type { Entry } from '../journal/entry.ts';
import { readRecording } from '../journal/store.ts';
import { Names } from '../names/names.ts';
import type { ScenarioResult, SubjectResult } from '../report/run-result.ts';
import { type Axis, axisOf } from './axis.ts';
import { type Comparison, compare } from './compare.ts';
import type { Diagnosis } from './diagnosis.ts';
import { featuresOf } from './features/features.ts';
import { observe } from './features/observed.ts';
import { sourcesOfJournal } from './journal-source.ts';
import type { IncidentSource } from './reading/source.ts';

/** One incident that was played. */
export interface Reproduction {
  readonly diagnosis: Diagnosis;
  readonly scenario: ScenarioResult;
  /** The scenario’s file. */
  readonly file: string;
  readonly comparison: Comparison;
  /** What the log of each program says above INFO while the faults hold, and whether it passes the checks. */
  readonly programs: readonly Program[];
  /** All of them on one axis. */
  readonly axis: Axis;
}

/** One program under the faults. */
export interface Program {
  readonly name: string;
  readonly outcome: SubjectResult['outcome'];
  readonly alarms: number;
}

/** A machine that stood still for so long altogether, in real ms, may be why a pattern does not come again. */
const tellingStallMs = 500;

/** For how long the machine stood still where that may be why the pattern did not come again; undefined where it is not. */
export function stoodStillMs({ comparison, scenario }: Reproduction): number | undefined {
  const { stalledMs = 0 } = scenario;
  return comparison.verdict !== 'same pattern' && stalledMs >= tellingStallMs ? stalledMs : undefined;
}

/** Compares what was played with the incident. `directory` is the run’s. */
export async function compareWithRun(
  diagnosis: Diagnosis,
  scenario: ScenarioResult,
  file: string,
  directory: string,
): Promise<Reproduction> {
  const recordings = await Promise.all(
    scenario.subjects.map(({ journal }) => readRecording(join(directory, journal))),
  );
  const entries = recordings[0]?.entries ?? [];
  const comparison = compare(
    diagnosis.features,
    featuresOf(observe(sameSides(diagnosis, entries))),
    diagnosis.ranked[0]?.match.mayShow,
  );
  const programs = scenario.subjects.map(({ name, outcome }, index) => ({
    name,
    outcome,
    alarms: alarmsIn(recordings[index]?.entries ?? []),
  }));
  const played = scenario.subjects.map(({ name }, index) => {
    const own = recordings[index]?.entries ?? [];
    return { name, entries: own, events: observe(sameSides(diagnosis, own)).events };
  });
  const axis = axisOf(diagnosis.observed.events, played);
  return { diagnosis, scenario, file, comparison, programs, axis };
}

/** The logs of those whose logs the incident has. */
function sameSides({ incident }: Diagnosis, entries: readonly Entry[]): IncidentSource[] {
  const sides = new Set(incident.sources.filter(({ events }) => events.length > 0).map(({ side }) => side));
  const isShown = ({ side }: IncidentSource): boolean => sides.has(side) || sides.has('wire');
  return sourcesOfJournal(entries, new Names()).filter(isShown);
}

function alarmsIn(entries: readonly Entry[]): number {
  const begun = entries.find(({ kind }) => kind === 'fault.installed')?.t ?? 0;
  const isAlarm = (entry: Entry): boolean =>
    entry.kind === 'agent.log' && entry.t >= begun && ['warn', 'error', 'fatal'].includes(entry.level);
  return entries.filter(isAlarm).length;
}
