/** The work of `shaketable explore`, once its world is there. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { openLedger } from '../cleanup/index.ts';
import { importModule } from '../config/import-module.ts';
import { loadProject } from '../config/project.ts';
import { fileError, LabError } from '../errors.ts';
import type { Exploration } from '../explore/exploration.ts';
import { loadExploration } from '../explore/load.ts';
import { explorationOutcome } from '../explore/outcome.ts';
import { failuresOf } from '../explore/play.ts';
import { type Proof, type ReportedFinding, reportLines } from '../explore/report.ts';
import { parseSchedule } from '../explore/schedule.ts';
import { type ScoutOptions, type Scouts, startScouts } from '../explore/scouts.ts';
import { sweep } from '../explore/sweep.ts';
import { withPlayer } from '../explore/with-player.ts';
import { writeFinding } from '../explore/write-finding.ts';
import { moduleEnding } from '../own-files.ts';
import { expectWritable } from '../report/expect-writable.ts';
import { createProgress } from '../report/terminal/progress.ts';
import { count } from '../report/text.ts';
import type { ChosenWorld } from '../run/choose-world.ts';
import { shortPath } from '../run/replay.ts';
import type { ExploreFlags } from './explore-flags.ts';
import { findScenarios } from './scenario-files.ts';
import { type At, watchSchedules } from './watch-schedules.ts';

const exitCodes = { expected: 0, unexpected: 1, inconclusive: 2 } as const;

const announce = (line: string): void => console.error(line);

/** How long it explores when nothing is said, seconds. */
const usualBudget = 60;

/** Sweeps, and says what was found. */
export async function exploreIn(
  world: ChosenWorld,
  wanted: string | undefined,
  flags: ExploreFlags,
  signal: AbortSignal,
): Promise<number> {
  const at: At = { file: wanted ?? '' };
  watchSchedules(resolve(flags.out, 'explore'), at);
  const { file, exploration } = await find(wanted, flags);
  at.file = file;
  const directory = resolve(flags.out, 'explore', exploration.id.replaceAll('/', '-'));
  await expectWritable(directory, 'folder');
  const seed = flags.seed ?? randomInt(1, 1_000_000);
  const { name } = world.module;
  const tell = flags.json ? console.error : console.log;
  tell(`Exploring ${exploration.id} · world ${name} · from seed ${seed}\n`);
  const begun = performance.now();
  const spentMs = (): number => performance.now() - begun;
  const budgetMs =
    (flags.budget ?? (flags.seeds === undefined ? usualBudget : Number.POSITIVE_INFINITY)) * 1_000;
  const most = flags.seeds ?? Number.POSITIVE_INFINITY;
  using progress = createProgress({ stream: process.stderr });
  const { step, note } = progress.of(exploration.id);
  const found = await withPlayer({ world, exploration, seed, signal, announce }, async (play) => {
    const player: typeof play = (schedule, number) => {
      at.seed = number;
      return play(schedule, number);
    };
    await using scouts = await scoutsFor(flags, { file, world: name, seed });
    return await sweep({
      exploration,
      player,
      scouts,
      seed,
      repeatable: name === 'simulated',
      goesOn: (runs, findings) =>
        !signal.aborted && runs < most && findings < flags.findings && spentMs() < budgetMs,
      onProgress({ runs, findings, shrinking }) {
        const part =
          shrinking === undefined
            ? `${count(runs, 'schedule')}, ${findings} found`
            : `making ${shrinking} small`;
        if (Number.isFinite(budgetMs)) step(Math.min(spentMs(), budgetMs), budgetMs, part);
        else step(runs, most, part);
      },
    });
  });
  const sweptMs = spentMs();
  const findings = [];
  for (const finding of found.findings) {
    signal.throwIfAborted();
    const isScenario = exploration.as !== 'explored';
    const written = await writeFinding(finding, { file, id: exploration.id, directory, isScenario });
    const proves = flags.prove && name === 'simulated';
    if (proves) note(`${finding.check} on real sockets and in real time, ${count(flags.times, 'time')}`);
    const proof = proves ? await prove(written.schedule, flags, signal) : undefined;
    const replay = `shaketable explore --replay ${shortPath(written.schedule)}`;
    findings.push({ ...finding, replay, proof, scenario: written.scenario && shortPath(written.scenario) });
  }
  progress[Symbol.dispose]();
  const outcome = explorationOutcome(found);
  for (const line of reportLines({ ...found, findings }, name, sweptMs)) tell(line);
  if (flags.json)
    console.log(
      JSON.stringify(inJson({ outcome, seed, world: name, runs: found.tally.runs, findings }), null, 2),
    );
  return exitCodes[outcome];
}

/** Processes that play the seeds or have them played, where that is not for this one. */
async function scoutsFor(
  { workers = 1, seeds, on, project }: ExploreFlags,
  work: ScoutOptions['work'],
): Promise<Scouts | undefined> {
  if (workers === 1 && on === undefined) return undefined;
  const main = join(import.meta.dirname, `${on === undefined ? 'scout' : 'scout-on'}-main${moduleEnding}`);
  return startScouts({
    main,
    amount: on === undefined ? workers : 1,
    work: {
      ...work,
      ...(seeds === undefined ? {} : { until: work.seed + seeds }),
      ...(on === undefined ? {} : { on }),
      ...(project === undefined ? {} : { project: resolve(project) }),
    },
    ledger: await openLedger(),
  });
}

/** Plays a stored schedule again, so many times. */
export async function replayIn(
  world: ChosenWorld,
  path: string,
  flags: ExploreFlags,
  signal: AbortSignal,
): Promise<number> {
  const source = await readFile(path, 'utf8').catch((cause) => {
    throw fileError(cause, path, 'give a schedule that `shaketable explore` wrote, below reports/explore');
  });
  const stored = parseSchedule(source, path);
  const exploration = await loadExploration(resolve(dirname(path), stored.explored), importModule);
  let failed = 0;
  let struck = 0;
  await withPlayer({ world, exploration, seed: stored.seed, signal, announce }, async (player) => {
    for (let time = 0; time < flags.times && !signal.aborted; time += 1) {
      const played = await player(stored, stored.seed);
      const failures = failuresOf(played);
      if (failures.includes(stored.fails)) failed += 1;
      if (played.faults.every(({ strikes }) => strikes > 0)) struck += 1;
      if (flags.json) continue;
      const check = played.checks.find(({ id }) => id === stored.fails);
      console.log(
        `${failures.length > 0 ? '✗' : '✓'} ${stored.fails}: ${played.error ?? check?.measured ?? 'not judged'}`,
      );
      for (const { id, strikes, reason } of played.faults)
        console.log(`    ${id}: ${count(strikes, 'strike')}${reason === undefined ? '' : `, ${reason}`}`);
    }
  });
  if (flags.json) console.log(JSON.stringify({ failed, struck, times: flags.times }));
  else console.log(`${world.module.name}: fails ${failed} of ${flags.times} times`);
  return failed > 0 ? exitCodes.unexpected : exitCodes.expected;
}

/** By the path of a file, or the id of a scenario. */
async function find(
  wanted: string | undefined,
  { project }: ExploreFlags,
): Promise<{ file: string; exploration: Exploration }> {
  if (wanted === undefined)
    throw new LabError('LAB_BAD_INPUT', 'There is nothing to explore', {
      hint: 'Give a file that exports an exploration, or the id of a scenario; docs/exploring.md has examples.',
    });
  const found = await findScenarios([wanted], await loadProject(project));
  const [only, second] = found;
  if (only === undefined || second !== undefined)
    throw new LabError(
      'LAB_BAD_INPUT',
      `${wanted} means ${found.length} scenarios, and one is explored at a time`,
      {
        hint: found
          .slice(0, 5)
          .map(({ id }) => id)
          .join(', '),
      },
    );
  return { file: only.file, exploration: await loadExploration(only.file, importModule) };
}

/** Plays a minimum on real sockets, in a process of its own: this one belongs to the simulation. */
async function prove(
  schedule: string,
  { times }: ExploreFlags,
  signal: AbortSignal,
): Promise<Proof | undefined> {
  const command = join(import.meta.dirname, `main${import.meta.filename.slice(-3)}`);
  const args = [
    command,
    'explore',
    '--replay',
    schedule,
    '--world',
    'local',
    '--times',
    String(times),
    '--json',
  ];
  const child = spawn(process.execPath, [...process.execArgv, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  const failed = new Promise<undefined>((ended) => child.once('error', () => ended(undefined)));
  const output = await Promise.race([text(child.stdout), failed]);
  if (output === undefined || output.trim() === '') return undefined;
  return { world: 'local', ...(JSON.parse(output) as { failed: number; times: number }) };
}

function inJson({
  findings,
  ...whole
}: {
  findings: readonly ReportedFinding[];
  outcome: string;
  seed: number;
  world: string;
  runs: number;
}) {
  return {
    ...whole,
    findings: findings.map(
      ({ check, seed, sentence, schedule, minimal, executions, proof, replay, scenario }) => ({
        check,
        seed,
        sentence,
        faults: schedule.faults,
        minimal,
        executions,
        proof,
        replay,
        scenario,
      }),
    ),
  };
}
