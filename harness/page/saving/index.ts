/** Saves what was done by hand: as a scenario that plays it again, or as the ticket of an incident. */
import { relative } from 'node:path';
import * as z from 'zod';
import type { CheckSpec } from '../../checks/check.ts';
import { count } from '../../checks/index.ts';
import { runChecks } from '../../checks/registry.ts';
import { LabError } from '../../errors.ts';
import type { Entry } from '../../journal/entry.ts';
import { posixPath, writeNew } from '../../scenario-text/paths.ts';
import { quoted } from '../../scenario-text/source-text.ts';
import { type Acts, act } from '../acts.ts';
import type { History } from '../history.ts';
import type { Saved } from '../messages.ts';
import type { Deed, Recorder, Recording } from '../recorder.ts';
import type { Stage } from '../stage.ts';
import { type CommandWords, commandOf, linkConstant } from './command-line.ts';
import { deedText, incidentText } from './incident-file.ts';
import { fileNameOf, pathBelow } from './paths.ts';
import { handPlayedScenario, type ScenarioFile } from './scenario-file.ts';
import { timelineOf } from './timeline.ts';

/** What saving needs. */
export interface SavingDeps {
  readonly recorder: Recorder;
  readonly history: History;
  readonly stage: Stage | undefined;
  /** Files are written below it. */
  readonly directory: string;
}

const wanted = z.strictObject({
  title: z.string().trim().max(200),
  file: z.string().max(500),
  /** The program, where the lab knows none. */
  command: z.string().max(10_000).optional(),
  /** How that program is judged: it ends by itself, or goes on until the end. */
  ends: z.boolean().optional(),
  write: z.boolean(),
});
type Wanted = z.infer<typeof wanted>;

export function savingActs(deps: SavingDeps): Acts {
  return {
    'record-anew': act(z.strictObject({}), () => deps.recorder.begin()),
    'save-scenario': act(wanted, (given) => save(deps, given, ['.ts', '.mts'], scenarioOf)),
    'save-incident': act(wanted, (given) => save(deps, given, ['.md'], incidentOf)),
  };
}

type Making = (deps: SavingDeps, given: Wanted & { readonly path: string }) => Omit<Saved, 'file' | 'deeds'>;

async function save(
  deps: SavingDeps,
  given: Wanted,
  endings: readonly string[],
  make: Making,
): Promise<Saved> {
  const title = given.title || 'Played by hand';
  const name = given.file || `by-hand/${fileNameOf(title)}${endings[0]}`;
  const path = pathBelow(deps.directory, name, endings);
  const { deeds } = deps.recorder.recording();
  const made = make(deps, { ...given, title, path });
  if (given.write) await writeNew(path, made.text);
  return { file: shown(deps.directory, path), deeds: deeds.map(toText(deeds)), ...made };
}

/** With how long after the first one. */
const toText =
  (deeds: readonly Deed[]) =>
  (deed: Deed): string =>
    `+${((deed.at - (deeds[0]?.at ?? deed.at)) / 1_000).toFixed(1)} s  ${deedText(deed)}`;

function incidentOf(
  { recorder, history, directory }: SavingDeps,
  { title, path }: Wanted & { readonly path: string },
) {
  const { since, deeds } = recorder.recording();
  const text = incidentText({ title, deeds, entries: history.since(since), startedAt: history.startedAt });
  if (text !== undefined) return { text, judged: [], next: `shaketable reproduce ${shown(directory, path)}` };
  throw new LabError('LAB_BAD_INPUT', 'No program has logged anything since the recording began', {
    hint: 'An incident is read from logs: start a program on the page of `shaketable up`.',
  });
}

function scenarioOf(
  deps: SavingDeps,
  { title, path, command = '', ends = true }: Wanted & { readonly path: string },
) {
  const { history, recorder, stage } = deps;
  const recording = recorder.recording();
  if (recording.lost > 0) throw tooLong(recording.lost, 'things that were done');
  if (recording.deeds.length === 0)
    throw new LabError('LAB_BAD_INPUT', 'Nothing was done since the recording began', {
      hint: 'Play a fault first.',
    });
  const entries = history.since(recording.since);
  const cast = stage ? castOf(stage, recording, entries) : castOfCommand(recording, command, ends);
  const file: ScenarioFile = {
    path,
    title,
    id: idOf(deps.directory, path),
    played: `Played by hand on ${new Date(recording.since).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    timeline: timelineOf({ ...recording, deeds: cast.deeds }, entries, history.startedAt),
    ...cast,
  };
  return {
    text: handPlayedScenario(file),
    judged: cast.judged,
    next: `shaketable run ${shown(deps.directory, path)}`,
  };
}

interface Cast extends Pick<ScenarioFile, 'imports' | 'before' | 'after' | 'checks' | 'reported' | 'alone'> {
  readonly deeds: readonly Deed[];
  readonly judged: Saved['judged'];
}

/** The programs of the stage: naive and hardened where naive failed something, and else the one that was played, alone. */
function castOf({ setting }: Stage, { deeds }: Recording, entries: readonly Entry[]): Cast {
  const first = deeds.find((deed) => deed.did === 'start');
  if (!first)
    throw new LabError('LAB_BAD_INPUT', 'No program was started since the recording began', {
      hint: 'Start one on the page: a scenario has to have a program to judge.',
    });
  const { subject } = first.program;
  const results = runChecks(entries, setting.checks);
  const failed = results.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
  const isPair = subject === 'naive' && failed.length > 0;
  const decided = results.filter(({ outcome }) => outcome !== 'unknown').map(({ id }) => id);
  return {
    ...setting,
    after: [],
    // What had nothing to judge by here has nothing to judge by there.
    checks: decided.length === 0 ? setting.checks : pick(setting.checks, decided),
    reported: isPair ? failed : [],
    alone: isPair ? undefined : subject,
    // The scenario starts the one or the other, and never both.
    deeds: deeds.filter((deed) => !('program' in deed) || deed.program.subject === subject),
    judged: results.map(({ id, outcome, measured }) => ({ id, outcome, measured })),
  };
}

function pick<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

/** A program of the user’s own, on links to the same servers. */
function castOfCommand({ deeds, links }: Recording, command: string, ends: boolean): Cast {
  const names = links.map(({ name }) => name);
  const { words, links: named } = commandOf(command, names);
  const touched = deeds.flatMap((deed) => ('link' in deed ? [deed.link] : []));
  const used = links.filter(({ name }) => named.includes(name) || touched.includes(name));
  return {
    imports: [],
    before: [...used.map((link) => linkText(names, link)), programText(words, ends)],
    after: ends ? ['await program.exited;'] : ["table.note('played');"],
    checks: ends ? { 'ends-well': endsWell } : { 'goes-on': goesOn },
    reported: [],
    alone: 'program',
    deeds,
    judged: [],
  };
}

function linkText(names: readonly string[], { name, upstream }: Recording['links'][number]): string {
  const colon = upstream.lastIndexOf(':');
  const [host, port] = [upstream.slice(0, colon).replaceAll(/^\[|\]$/g, ''), upstream.slice(colon + 1)];
  const target = `{ host: ${quoted(host || '127.0.0.1')}, port: ${Number(port) || quoted(port)} }`;
  return `const ${linkConstant(names, name)} = await table.link(${quoted(name)}, ${target});`;
}

function programText([program = '', ...args]: CommandWords['words'], ends: boolean): string {
  const options = `{ command: ${program}, args: [${args.join(', ')}] }`;
  return `${ends ? 'const program = ' : ''}await table.process('program', ${options});`;
}

const exits = { kind: 'process.exit', process: 'program' } as const;
const endsWell: CheckSpec = count('the program ends with success', {
  of: { ...exits, code: 0 },
  given: exits,
  atLeast: 1,
});
const goesOn: CheckSpec = count('the program goes on until the end', {
  of: exits,
  given: { kind: 'fault.installed' },
  before: { kind: 'subject.note', name: 'played' },
  atMost: 0,
});

/** The id that the place of the file gives, without its ending and the folder of all scenarios. */
function idOf(directory: string, path: string): string {
  return shown(directory, path)
    .replace(/^scenarios\//, '')
    .replace(/\.m?ts$/, '');
}

/** As the user would type it. */
const shown = (directory: string, path: string): string => posixPath(relative(directory, path));

const tooLong = (lost: number, what: string): LabError =>
  new LabError('LAB_BAD_INPUT', `The recording has ${lost} ${what} more than are kept`, {
    hint: 'Begin the recording anew, and play what matters.',
  });
