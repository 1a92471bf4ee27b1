/** `shaketable reproduce FILE…`: from what a ticket holds to a scenario, and the proof that it is the same incident. */
import { randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadProject } from '../config/project.ts';
import { LabError } from '../errors.ts';
import type { ForeignSubject } from '../foreign/subject.ts';
import { type Diagnosis, diagnose } from '../incident/diagnosis.ts';
import { incidentJson } from '../incident/incident-json.ts';
import { incidentPage } from '../incident/incident-page.ts';
import { readIncidents } from '../incident/reading/read-incident.ts';
import { compareWithRun, type Reproduction, stoodStillMs } from '../incident/reproduction.ts';
import { isForAny, scenarioFile } from '../incident/scenario/scenario-file.ts';
import { diagnosisLines, reproductionLines } from '../incident/text.ts';
import { Names } from '../names/names.ts';
import { expectWritable } from '../report/expect-writable.ts';
import { createTerminalReporter } from '../report/terminal/reporter.ts';
import { chooseWorld } from '../run/choose-world.ts';
import { runScenarios } from '../run/runner.ts';
import { interruptible } from './interrupt.ts';
import { chosenSubject } from './run-subject.ts';
import { serviceImages } from './service-images.ts';

interface ReproduceFlags {
  readonly keepNames: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly seed?: number;
  readonly signature?: string;
  readonly subject?: string;
  readonly out: string;
  readonly project?: string;
  readonly setUp: boolean;
}

/** What an ending means: 0 all the same pattern, 1 one that was not reproduced, 2 none found, or similar alone. */
/** `command` is what stood behind `--`: a program that takes the part of the lab’s own. */
export async function reproduceCommand(
  paths: readonly string[],
  flags: ReproduceFlags,
  command?: readonly string[],
): Promise<number> {
  if (!flags.dryRun) await expectWritable(flags.out, 'folder');
  const subject = await chosenSubject({ ...flags, world: 'auto', pace: 'fast' }, command);
  return await interruptible(async (signal) => {
    const say = (lines: readonly string[]): void =>
      void (flags.json ? process.stderr : process.stdout).write(`${lines.join('\n')}\n`);
    const names = new Names({ keep: flags.keepNames });
    const incidents = await readIncidents(
      paths.map((path) => resolve(path)),
      names,
      signal,
    );
    if (incidents.length === 0)
      throw new LabError('LAB_BAD_INPUT', 'The ticket has no block that is a log', {
        hint: 'Paste logs between ``` fences, or name the log files.',
      });
    const diagnoses = incidents.map(diagnose).map((diagnosis) => only(diagnosis, flags.signature));
    for (const diagnosis of diagnoses) say([...diagnosisLines(diagnosis), '']);
    const found = diagnoses.filter(({ ranked }) => ranked.length > 0);
    if (found.length === 0) {
      say(['No pattern: there is nothing to play.']);
      if (flags.json) process.stdout.write(incidentJson(diagnoses, []));
      return 2;
    }
    if (flags.dryRun) {
      if (flags.json) process.stdout.write(incidentJson(diagnoses, []));
      return 0;
    }
    if (subject !== undefined) refuseOwnAlone(found);
    const reproductions = await playAll(diagnoses, flags, subject, signal);
    for (const reproduction of reproductions) say([...reproductionLines(reproduction), '']);
    const [first] = reproductions;
    say(summary(diagnoses, reproductions));
    if (flags.json && first !== undefined) process.stdout.write(incidentJson(diagnoses, reproductions));
    return exitCode(reproductions);
  });
}

/** With a signature that the user names, that one alone. */
function only(diagnosis: Diagnosis, id: string | undefined): Diagnosis {
  if (id === undefined) return diagnosis;
  return { ...diagnosis, ranked: diagnosis.ranked.filter(({ signature }) => signature.id === id) };
}

/** @throws LabError `LAB_BAD_INPUT` for what a program that the lab does not know cannot play */
function refuseOwnAlone(found: readonly Diagnosis[]): void {
  const own = found.flatMap(({ ranked }) =>
    ranked[0] !== undefined && !isForAny(ranked[0].match.cast.plan) ? ranked[0].signature.id : [],
  );
  if (own.length === 0) return;
  throw new LabError(
    'LAB_BAD_INPUT',
    `Only the lab’s own programs can play ${[...new Set(own)].join(', ')}`,
    {
      hint: 'Leave the program out, or name with --signature another pattern that holds.',
    },
  );
}

/** Writes the scenarios, plays them, and compares. */
async function playAll(
  all: readonly Diagnosis[],
  flags: ReproduceFlags,
  subject: ForeignSubject | undefined,
  signal: AbortSignal,
): Promise<Reproduction[]> {
  const found = all.filter(({ ranked }) => ranked.length > 0);
  const project = await loadProject(flags.project);
  const world = await chooseWorld('local', { configFile: undefined });
  const ids = idsOf(found);
  const files: string[] = [];
  using terminal = createTerminalReporter({ stream: flags.json ? process.stderr : process.stdout });
  const { run, directory, failure } = await runScenarios({
    world,
    services: () => serviceImages(project),
    files: async (directory) => {
      for (const [index, diagnosis] of found.entries())
        files.push(await writeScenario(join(directory, 'scenarios'), ids[index] ?? 'incident', diagnosis));
      return files;
    },
    folders: project.folders.map(({ directory: folder }) => folder),
    seed: flags.seed ?? randomInt(1, 1_000_000),
    pace: subject?.pace.how === 'real' ? 'real' : 'fast',
    ...(subject === undefined ? {} : { subject, left: [] }),
    out: resolve(flags.out),
    workers: 1,
    setUp: flags.setUp,
    terminal,
    signal,
  });
  const reproductions: Reproduction[] = [];
  for (const [index, diagnosis] of found.entries()) {
    const scenario = run.scenarios.find(({ id }) => id === ids[index]);
    if (scenario === undefined || scenario.subjects.length === 0) continue;
    reproductions.push(await compareWithRun(diagnosis, scenario, files[index] ?? '', directory));
  }
  await writeFile(join(directory, 'incident.json'), incidentJson(all, reproductions));
  await writeFile(join(directory, 'incident.html'), incidentPage(reproductions));
  if (failure && reproductions.length === 0) throw failure;
  return reproductions;
}

/** A scenario’s id is its signature’s; several of one signature are counted. */
function idsOf(found: readonly Diagnosis[]): string[] {
  const counts = new Map<string, number>();
  return found.map(({ ranked }) => {
    const id = ranked[0]?.signature.id ?? 'incident';
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count === 1 ? `incident/${id}` : `incident/${id}-${count}`;
  });
}

async function writeScenario(
  directory: string,
  id: string,
  { ranked, incident }: Diagnosis,
): Promise<string> {
  const [best] = ranked;
  if (best === undefined) throw new LabError('LAB_INTERNAL', 'An incident without a pattern is not played');
  const file = join(directory, `${id}.ts`);
  await mkdir(join(directory, 'incident'), { recursive: true });
  const sources = incident.sources.map(({ name }) => name);
  await writeFile(
    file,
    scenarioFile({ id, signature: best.signature, match: best.match, sources: [...new Set(sources)] }),
  );
  return file;
}

function summary(diagnoses: readonly Diagnosis[], reproductions: readonly Reproduction[]): string[] {
  const count = (verdict: string): number =>
    reproductions.filter(({ comparison }) => comparison.verdict === verdict).length;
  const none = diagnoses.filter(({ ranked }) => ranked.length === 0).length;
  const parts = ['same pattern', 'similar', 'not reproduced'].map(
    (verdict) => `${count(verdict)} ${verdict}`,
  );
  return [
    `${diagnoses.length === 1 ? 'The incident' : `${diagnoses.length} incidents`}: ${parts.join(', ')}, ${none} without a pattern`,
  ];
}

function exitCode(reproductions: readonly Reproduction[]): number {
  const verdicts = new Set(reproductions.map(({ comparison }) => comparison.verdict));
  const isPlain = (one: Reproduction): boolean =>
    one.comparison.verdict === 'not reproduced' && stoodStillMs(one) === undefined;
  if (reproductions.some(isPlain)) return 1;
  if (verdicts.has('not reproduced')) return 2;
  return verdicts.has('similar') || verdicts.size === 0 ? 2 : 0;
}
