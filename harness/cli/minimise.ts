/** `shaketable minimise RUN`: the smallest timeline under which a run still fails, on real sockets, as a scenario file to commit. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from 'shaketable-proxy/clock';
import { loadProject, type Project } from '../config/project.ts';
import { fileError, LabError } from '../errors.ts';
import { readRecording } from '../journal/store.ts';
import { type Failure, failureIn } from '../minimise/failing.ts';
import { castOf, checksOfPart, playing } from '../minimise/minimised.ts';
import { minimumLines, minimumTitle } from '../minimise/minimum-lines.ts';
import { type MinimumFile, minimumText } from '../minimise/minimum-text.ts';
import type { Reduction } from '../minimise/reduction.ts';
import { minimiseTask } from '../minimise/session.ts';
import { timedFaults } from '../minimise/times.ts';
import { expectWritable } from '../report/expect-writable.ts';
import { readRun } from '../report/read-run.ts';
import type { RunResult } from '../report/run-result.ts';
import { createProgress } from '../report/terminal/progress.ts';
import { count } from '../report/text.ts';
import { chooseWorld } from '../run/choose-world.ts';
import { longPath, shortPath } from '../run/replay.ts';
import { declaredBy, type ScenarioDefinition } from '../run/scenario.ts';
import { endWhereStoodStill } from './end-where-stood-still.ts';
import { interrupted, interruptible } from './interrupt.ts';
import { chosenSubject } from './run-subject.ts';
import { findScenarios } from './scenario-files.ts';

interface MinimiseFlags {
  readonly check?: string;
  readonly program?: string;
  /** Seconds. */
  readonly budget: number;
  readonly into?: string;
  readonly out: string;
  readonly project?: string;
  readonly setUp: boolean;
  readonly json: boolean;
}

/** What to do where the scenario is not the one that was played. */
const asItWas = 'Minimise where the run was played, with the scenario as it was.';

const exitCodes = { minimum: 0, undecided: 2 } as const;

/** What an ending means: 0 a minimum, 2 it did not fail again, or the time was over before a minimum was reached. */
export async function minimiseCommand(
  directory: string,
  scenario: string | undefined,
  flags: MinimiseFlags,
): Promise<number> {
  return await interruptible(async (signal) => {
    const run = await readRun(resolve(directory));
    const failure = failureIn(run, { ...flags, scenario });
    const project = await loadProject(flags.project);
    const file = await fileOf(failure, project);
    const path = await placeOf(failure, flags);
    await expectWritable(path, 'file');
    const { definition, subject } = await cast(run, failure, file);
    const task = {
      definition: { ...definition, id: idOf(path, project) },
      who: failure.subject.name,
      check: failure.check,
      faults: timedFaults(definition.faults ?? {}, await entriesOf(directory, failure)),
      idle: idleIn(failure),
      seed: failure.scenario.seed,
      pace: run.pace === 1 ? ('real' as const) : ('fast' as const),
    };
    const whole = task.faults.length;
    const tell = flags.json ? console.error : console.log;
    const { id, seed } = failure.scenario;
    tell(`Minimising ${id} · ${task.who} fails ${task.check} · ${count(whole, 'fault')} · seed ${seed}\n`);
    const budgetMs = flags.budget * 1_000;
    let smallest: Reduction | undefined;
    endWhereStoodStill(`${task.who} of ${id}`, dirname(path), () =>
      smallest === undefined
        ? undefined
        : {
            ...smallest,
            path,
            scenario: file,
            id: task.definition.id,
            title: `${task.who} fails ${task.check} under ${Object.keys(smallest.faults).join(' and ')}`,
            subject,
            checks: task.check in (task.definition.checks ?? {}) ? [task.check] : [],
            comment: ['The smallest that was left when the program stood still: fewer may do.'],
          },
    );
    using progress = createProgress({ stream: process.stderr });
    const bar = progress.of('minimise');
    const session = await minimiseTask(task, {
      world: await chooseWorld('local'),
      setUp: flags.setUp,
      budgetMs,
      clock: systemClock(),
      signal,
      onPlay: (left, plays, spentMs) =>
        bar.step(Math.min(spentMs, budgetMs), budgetMs, `${left.length} of ${whole} faults, play ${plays}`),
      onNote: (line) => bar.note(line),
      onSmaller: (left) => {
        smallest = left;
      },
    });
    progress[Symbol.dispose]();
    const { left, failed, minimum } = session;
    if (left === undefined || failed === undefined) {
      if (signal.aborted) return interrupted;
      tell(`It did not fail again in ${count(session.plays, 'play')}: nothing is written.`);
      return exitCodes.undecided;
    }
    const facts = { failure, whole, left, session };
    const lines = minimumLines(facts);
    const checks = checksOfPart(task.definition, left, failed.played.checks);
    const title = minimumTitle(facts);
    await write({
      ...left,
      path,
      scenario: file,
      id: task.definition.id,
      title,
      subject,
      checks,
      comment: lines,
    });
    for (const line of lines) tell(line);
    tell(`\n  scenario  ${shortPath(path)}\n  again     shaketable run ${shortPath(path)} --seed ${seed}`);
    const minimal = minimum?.minimal ?? false;
    if (flags.json)
      console.log(
        JSON.stringify(
          {
            scenario: id,
            program: task.who,
            check: task.check,
            seed,
            file: path,
            ...left,
            minimal,
            whole: minimum?.whole,
            left: minimum?.left,
            plays: session.plays,
          },
          null,
          2,
        ),
      );
    if (signal.aborted) return interrupted;
    return minimal && minimum !== undefined && minimum.left.failed > 0
      ? exitCodes.minimum
      : exitCodes.undecided;
  });
}

/** The file of a scenario: as the run names it, or by its id. @throws LabError `LAB_BAD_INPUT` where it is not there */
async function fileOf({ scenario: { id, file } }: Failure, project: Project): Promise<string> {
  if (file === undefined) {
    const [found] = await findScenarios([id], project);
    if (found !== undefined) return found.file;
  } else if (await isFile(longPath(file))) return longPath(file);
  throw new LabError('LAB_BAD_INPUT', `The scenario ${id} is not in ${file ?? 'the project'} any more`, {
    hint: asItWas,
  });
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** Where the result goes. @throws LabError `LAB_BAD_INPUT` for a file of the user’s that is there already */
async function placeOf(
  { scenario, check }: Failure,
  { into, out }: Pick<MinimiseFlags, 'into' | 'out'>,
): Promise<string> {
  const name = `${scenario.id}-${check}`.replaceAll(/[^\w.-]+/g, '-');
  if (into === undefined) return resolve(out, 'minimised', `${name}.ts`);
  const path = resolve(into);
  if (!/\.m?ts$/.test(path))
    throw new LabError('LAB_BAD_INPUT', `${into} is no name for a scenario file`, {
      hint: 'Let it end in .ts.',
    });
  if (!(await isFile(path))) return path;
  throw new LabError('LAB_BAD_INPUT', `${path} is there already`, {
    hint: 'Choose another name: nothing is written over.',
  });
}

/** The id that a file’s place gives it. */
function idOf(path: string, { folders }: Project): string {
  const folder = folders.find(({ directory }) => path.startsWith(directory + sep))?.directory;
  const place = relative(folder ?? dirname(dirname(path)), path);
  return place
    .split(sep)
    .join('/')
    .replace(/\.m?ts$/, '');
}

/** The scenario with the program that failed on its table, and how its file names that. */
async function cast(
  run: RunResult,
  { scenario, subject }: Failure,
  file: string,
): Promise<{ definition: ScenarioDefinition; subject: MinimumFile['subject'] }> {
  const whole = await declaredBy(() => import(pathToFileURL(file).href)).catch((cause) => {
    if (cause instanceof LabError) throw cause;
    throw new LabError('LAB_BAD_INPUT', `${file} cannot be loaded: ${(cause as Error).message}`, {
      hint: asItWas,
      cause,
    });
  });
  if (whole.id !== scenario.id)
    throw new LabError('LAB_BAD_INPUT', `${file} declares ${whole.id}, and the run played ${scenario.id}`, {
      hint: asItWas,
    });
  const { subject: own } = run;
  if (own === undefined) return { definition: await castOf(whole, subject.name), subject: subject.name };
  const pace = run.pace === 1 ? ('real' as const) : ('fast' as const);
  const named = own.file === '' ? {} : { subject: own.file };
  const found = await chosenSubject(
    { ...named, world: 'local', pace },
    own.file === '' ? own.command : undefined,
  );
  if (found === undefined) throw new LabError('LAB_INTERNAL', 'The run names no program');
  return {
    definition: playing(whole, found),
    subject: own.file === '' ? own.command : { file: resolve(own.file) },
  };
}

async function entriesOf(directory: string, { subject }: Failure) {
  if (subject.journal === '') return [];
  return (await readRecording(join(resolve(directory), subject.journal))).entries;
}

const idleIn = ({ scenario, subject }: Failure): ReadonlySet<string> =>
  new Set(
    scenario.faults
      .filter((fault) => (fault.subject ?? subject.name) === subject.name && fault.strikes === 0)
      .map(({ id }) => id),
  );

async function write(file: MinimumFile): Promise<void> {
  try {
    await mkdir(dirname(file.path), { recursive: true });
    await writeFile(file.path, minimumText(file));
  } catch (cause) {
    throw fileError(cause, file.path);
  }
}
