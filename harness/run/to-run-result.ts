/** What was played, as `run.json` has it. */
import type { LabError } from '../errors.ts';
import type { ForeignSubject } from '../foreign/subject.ts';
import type { NotApplicable, RunResult, ScenarioResult, Shard } from '../report/run-result.ts';
import { runOutcome } from '../report/scenario-outcome.ts';
import type { WorldName } from '../world-list.ts';
import type { Pace, SharedEnvironment } from '../worlds/world-module.ts';
import type { PlacedResult } from './run-files.ts';
import type { JudgedScenario } from './run-scenario.ts';
import { versions } from './versions.ts';

interface PlayedRun {
  readonly id: string;
  readonly seed: number;
  readonly world: WorldName;
  readonly pace: Pace;
  /** Wall-clock milliseconds since the Unix epoch. */
  readonly begunMs: number;
  readonly durationMs: number;
  readonly environment: Pick<SharedEnvironment, 'database' | 'proxy'>;
  readonly placed: readonly PlacedResult[];
  /** Why not every scenario has a result. */
  readonly failure?: LabError | undefined;
  /** Which part of a whole it is. */
  readonly part?: Pick<Shard, 'index' | 'of'> | undefined;
  /** The user's own program that was judged. */
  readonly subject?: ForeignSubject | undefined;
  /** Scenarios that were asked for and could not be played with it. */
  readonly left?: readonly NotApplicable[] | undefined;
}

export async function toRunResult(played: PlayedRun): Promise<RunResult> {
  const { id, seed, world, pace, begunMs, durationMs, environment, failure, part, subject } = played;
  const placed = played.placed.filter(({ result }) => result.saysNothing === undefined);
  const left = [...(played.left ?? []), ...played.placed.flatMap(({ result }) => sayingNothing(result))];
  const results = placed.map(({ result }) => result);
  const outcome = runOutcome(results);
  return {
    version: 1,
    id,
    seed,
    world,
    pace: pace === 'real' ? 1 : 20,
    startedAt: new Date(begunMs).toISOString(),
    durationMs: Math.round(durationMs),
    versions: await versions(environment.database, environment.proxy),
    outcome: failure && outcome === 'expected' ? 'inconclusive' : outcome,
    scenarios: results.map(
      ({ outcome: _o, claims: _c, isForeign: _f, saysNothing: _s, ...result }): ScenarioResult => result,
    ),
    claims: results.flatMap((result) => result.claims),
    ...(subject === undefined ? {} : { subject: subjectFacts(subject) }),
    ...(left.length === 0 ? {} : { notApplicable: left }),
    ...(part === undefined ? {} : { shard: { ...part, ...placesOf(placed) } }),
  };
}

const sayingNothing = ({ id, title, saysNothing }: JudgedScenario): NotApplicable[] =>
  saysNothing === undefined ? [] : [{ id, title, why: [saysNothing] }];

/** What a reader has to know of it; its placeholders unfilled, since what is filled in may be a secret. */
export function subjectFacts({
  name,
  file,
  command,
  server,
  pace,
}: ForeignSubject): NonNullable<RunResult['subject']> {
  const { how, why } = pace;
  const kind = server === 'reference' ? server : 'routes' in server ? 'routes' : server.url;
  return { name, file, command, server: kind, pace: { how, why } };
}

/** Where the results of a part, and their claims, stand in the whole run. */
function placesOf(placed: readonly PlacedResult[]): Pick<Shard, 'places' | 'claimPlaces'> {
  return {
    places: placed.map(({ place }) => place),
    claimPlaces: placed.flatMap(({ place, result }) => result.claims.map(() => place)),
  };
}
