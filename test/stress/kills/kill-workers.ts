/**
 * Many small units on workers that are killed at random, and on a server that is killed once: what comes back has to be what one
 * process comes to, each result once and the failures in the same order.
 */
import type { Engine } from '../../../harness/queue/engine.ts';
import { playUnits } from '../../../harness/scale/coordinator/play-units.ts';
import { createDrawPlayer } from '../../../harness/scale/kinds/draw.ts';
import { unitOf } from '../../../harness/scale/unit.ts';
import { systemClock } from '../../../proxy/core/clock.ts';
import { seededRandom } from '../../../proxy/core/random.ts';
import type { Crew } from './crews.ts';

export interface KillOptions {
  readonly engine: Engine;
  readonly code: Readonly<Record<string, string>>;
  readonly units: number;
  readonly crew: Crew;
  readonly workers: number;
  /** Milliseconds between two kills. */
  readonly everyMs: number;
  /** Decides which worker is killed. */
  readonly seed: number;
  /** Kills the server and brings it back; called once, in the middle. */
  readonly killServer?: () => Promise<void>;
  /** Cuts a worker off for a while; called once, at the beginning. It is waited for at the end. */
  readonly cutOff?: () => Promise<void>;
  readonly tell: (line: string) => void;
}

/** What the two came to; `expected` is from one process. */
export interface KillOutcome {
  readonly expected: Results;
  readonly actual: Results;
  readonly distinct: number;
  readonly alarms: number;
  readonly repeated: number;
  readonly kills: number;
  readonly tookMs: number;
  /** Runs that the engine still knows. */
  readonly left: number;
}

interface Results {
  /** In the order of the units. */
  readonly sums: readonly number[];
  /** Seeds that failed, in the order in which they are told. */
  readonly failures: readonly number[];
}

const draws = 40_000;
const failOneIn = 50;
const leaseMs = 3_000;

export async function killWorkers(options: KillOptions): Promise<KillOutcome> {
  const { engine, code, crew, workers, everyMs, tell } = options;
  const clock = systemClock();
  const payloads = Array.from({ length: options.units }, (_, seed) => ({ seed, draws, failOneIn }));
  const expected = await inOneProcess(payloads);
  const run = `kills-${process.pid}-${options.seed}`;
  await engine.open({ run, kind: 'draw', code, leaseMs });
  const over = new AbortController();
  const random = seededRandom(options.seed);
  let kills = 0;
  let serverKilled = false;
  let partition: Promise<void> | undefined;
  const keepKilling = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(everyMs, over.signal);
      await crew.replace(Math.floor(random.next() * workers));
      kills += 1;
    }
  };
  const begunMs = clock.now();
  const killing = keepKilling().catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  try {
    const played = await playUnits({
      engine,
      run,
      units: payloads.map((payload) => unitOf('draw', code, payload)),
      clock,
      signal: over.signal,
      note: tell,
      async onResult(_result, done) {
        partition ??= options.cutOff?.();
        if (done % 1_000 === 0) tell(`${done} done, ${kills} workers killed`);
        if (serverKilled || done < options.units / 2) return;
        serverKilled = true;
        await options.killServer?.();
      },
    });
    const tookMs = clock.now() - begunMs;
    await partition;
    over.abort();
    await killing;
    const values = played.results.flatMap(({ outcome }) =>
      outcome.kind === 'done' ? [outcome.value as unknown as Value] : [],
    );
    await engine.remove(run);
    return {
      expected,
      actual: toResults(values),
      distinct: new Set(values.map(({ seed }) => seed)).size,
      alarms: played.alarms.length,
      repeated: played.repeated,
      kills,
      tookMs,
      left: (await engine.runs()).length,
    };
  } finally {
    over.abort();
  }
}

interface Value {
  readonly seed: number;
  readonly sum: number;
  readonly fails: boolean;
}

async function inOneProcess(payloads: readonly { seed: number }[]): Promise<Results> {
  const player = createDrawPlayer();
  const values: Value[] = [];
  for (const payload of payloads) values.push((await player.play(payload, '')).value as unknown as Value);
  return toResults(values);
}

function toResults(values: readonly Value[]): Results {
  return {
    sums: values.map(({ sum }) => sum),
    failures: values.filter(({ fails }) => fails).map(({ seed }) => seed),
  };
}
