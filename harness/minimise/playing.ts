/** Plays what is left of a scenario on real sockets, as `shaketable run` does, and judges one program by one check. */
import { join } from 'node:path';
import { readRecording } from '../journal/store.ts';
import type { SubjectResult } from '../report/run-result.ts';
import { type PlayedSubject, playSubject, type RunScenarioOptions } from '../run/play-subject.ts';
import type { ScenarioDefinition } from '../run/scenario.ts';
import type { WorldModule } from '../worlds/world-module.ts';
import type { Attempt } from './minimise.ts';
import { endedBy, type Reduction, reduced } from './reduction.ts';

/** What a story that breaks off is called among the checks. */
export const storyEnds = 'the story ends';

/** What is played again and again. */
export interface Replayed {
  readonly definition: ScenarioDefinition;
  readonly module: WorldModule;
  readonly options: RunScenarioOptions;
  /** The program that is judged. */
  readonly who: string;
  /** The check that it fails, or {@link storyEnds}. */
  readonly check: string;
  /** Aborted on Ctrl-C: the story under way ends at once. */
  readonly signal: AbortSignal;
}

/** One play with all that it came to. */
export interface WholeAttempt extends Attempt {
  readonly played: PlayedSubject;
}

/** Who plays it. */
export function playerOf(replayed: Replayed): (reduction: Reduction) => Promise<WholeAttempt> {
  const { definition, module, options, who, check, signal } = replayed;
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return async (reduction) => {
    const left = reduced(definition, reduction);
    const story = { ...left, play: endedBy(stopped, left.play) };
    const played = await playSubject(story, module, options, { name: who, expected: 'pass' });
    return {
      ...(await timesOf(played, check, options.directory)),
      fails: failsOf(played).includes(check),
      played,
    };
  };
}

/** What it fails: checks that are not known to, and a story that breaks off. */
export function failsOf({ checks, error }: Pick<SubjectResult, 'checks' | 'error'>): string[] {
  const failed = checks.filter(({ outcome, known }) => outcome === 'fail' && known === undefined);
  return [...failed.map(({ id }) => id), ...(error === undefined ? [] : [storyEnds])];
}

async function timesOf(
  { checks, journal }: PlayedSubject,
  check: string,
  directory: string,
): Promise<Omit<Attempt, 'fails'>> {
  const { entries } = await readRecording(join(directory, journal));
  const begun = entries.find(({ kind }) => kind === 'connection.open')?.t ?? 0;
  const ended = entries.findLast(({ kind }) => kind === 'lab.stopped');
  const endedAt = ended?.kind === 'lab.stopped' ? ended.t - ended.tookMs : (entries.at(-1)?.t ?? 0);
  const evidence = new Set(checks.find(({ id }) => id === check)?.evidence ?? []);
  const last = entries.findLast(({ n }) => evidence.has(n));
  return {
    lastedMs: endedAt - begun,
    ...(last === undefined ? {} : { evidentMs: Math.max(0, last.t - begun) }),
  };
}
