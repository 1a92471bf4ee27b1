/**
 * Plays the subject that should be sound in virtual time: scenarios by their story, explorations under a few schedules. No naive
 * subject, no report, no process for each: a mutant takes seconds.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { drawSchedule } from '../../../../harness/explore/draw.ts';
import { type Exploration, isExploration } from '../../../../harness/explore/exploration.ts';
import { brokenStory, playerIn } from '../../../../harness/explore/play.ts';
import type { CheckResult } from '../../../../harness/report/run-result.ts';
import { playSubject } from '../../../../harness/run/play-subject.ts';
import { declaredScenarios, type ScenarioDefinition } from '../../../../harness/run/scenario.ts';
import { judgeScenario, subjectOutcome } from '../../../../harness/run/verdict.ts';
import { hearWarnings } from '../../../../harness/run/voice.ts';
import { realTime } from '../../../../harness/simulation/time/real-time.ts';
import { world } from '../../../../harness/worlds/simulated/index.ts';
import type { JudgedScenario } from '../judge.ts';

/** What to play. */
export interface VirtualOrder {
  /** Ids of scenarios, and of explorations by their place below `scenarios`, in the order in which they are played. */
  readonly plays: readonly string[];
  readonly upTo: 'the first that fails' | 'the end';
  /** Where journals and the result go. */
  readonly directory: string;
}

const seed = 1;

/** Each exploration is played under the schedules of so many seeds. */
const schedules = 4;

/** Plays one after the other. */
export async function playInTurn({ plays, upTo, directory }: VirtualOrder): Promise<JudgedScenario[]> {
  await mkdir(join(directory, 'journals'), { recursive: true });
  hearWarnings();
  const results: JudgedScenario[] = [];
  for (const id of plays) {
    const begun = realTime.now();
    const result = await playOne(id, directory).catch((error: unknown) => broken(String(error)));
    results.push({ id, durationMs: Math.round(realTime.now() - begun), ...result });
    const fails = result.subjects.some(({ outcome }) => outcome === 'fail');
    if (fails && upTo === 'the first that fails') break;
  }
  return results;
}

type Came = Omit<JudgedScenario, 'id' | 'durationMs'>;

const broken = (why: string): Came => ({ asExpected: false, subjects: [], inconclusive: [why] });

async function playOne(id: string, directory: string): Promise<Came> {
  const before = declaredScenarios.length;
  const module = (await import(resolve(`scenarios/${id}.ts`))) as Record<string, unknown>;
  const exploration = Object.values(module).find(isExploration);
  if (exploration !== undefined) return await explore(exploration);
  const [definition] = declaredScenarios.slice(before);
  if (definition === undefined) throw new Error(`${id} declares nothing`);
  return await playScenario(definition, directory);
}

async function playScenario(definition: ScenarioDefinition, directory: string): Promise<Came> {
  const [name = 'hardened'] = definition.subjects ?? [];
  const options = {
    seed,
    pace: 'real',
    directory,
    debug: false,
    folders: [],
    world: { name: world.name, facts: {} },
  } as const;
  const played = await playSubject(definition, world, options, { name, expected: 'pass' });
  const { outcome, inconclusive } = judgeScenario([played], definition.reported);
  const { expected, checks } = played;
  return {
    asExpected: outcome === 'expected',
    inconclusive,
    subjects: [{ name, expected, checks, outcome: subjectOutcome(played) }],
  };
}

/** Explores up to the first schedule under which a check fails. What cannot be decided under one schedule accuses nobody. */
async function explore(exploration: Exploration): Promise<Came> {
  const player = playerIn(exploration, world, {});
  const passed = new Map<string, CheckResult>();
  for (let drawn = seed; drawn < seed + schedules; drawn += 1) {
    const schedule = drawSchedule(drawn, exploration.faults, exploration.stormMs);
    const { checks, error } = await player(schedule, drawn);
    const failed = checks.filter(({ outcome }) => outcome === 'fail');
    if (error !== undefined) failed.push(storyFailed(error));
    if (failed.length > 0) return explored(exploration, failed, 'fail');
    for (const check of checks) if (check.outcome === 'pass') passed.set(check.id, check);
  }
  return explored(exploration, [...passed.values()], 'pass');
}

function explored({ as: name }: Exploration, checks: readonly CheckResult[], outcome: 'pass' | 'fail'): Came {
  return { asExpected: outcome === 'pass', subjects: [{ name, expected: 'pass', checks, outcome }] };
}

const storyFailed = (error: string): CheckResult => ({
  id: brokenStory,
  title: 'the story comes to its end',
  outcome: 'fail',
  measured: error,
  expected: 'its end',
  evidence: [],
});
