/**
 * Processes that play the seeds of a sweep beside each other. Each plays every so-manieth one, and sends what it saw; what fails is
 * looked into by whoever started them.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { ResourceLedger } from '../cleanup/index.ts';
import { LabError } from '../errors.ts';
import type { Seen } from './seen.ts';

/** What one of them plays. */
export interface ScoutWork {
  readonly file: string;
  readonly world: string;
  /** Its first seed, and how far it is to the next. */
  readonly seed: number;
  readonly step: number;
  /** Behind its last. Infinity does not exist in JSON: left out, it goes on until it is stopped. */
  readonly until?: number;
}

/** What one of them says. */
export interface ScoutMessage {
  readonly seed: number;
  readonly seen: Seen;
}

export interface ScoutOptions extends Pick<ScoutWork, 'file' | 'world' | 'seed' | 'until'> {
  /** The program of a scout. */
  readonly main: string;
  readonly amount: number;
  readonly ledger: ResourceLedger;
}

/** Those that were started; disposal ends them. */
export interface Scouts extends AsyncDisposable {
  /** What was seen with a seed. @throws LabError `LAB_INTERNAL` when the one that plays it has ended */
  look(seed: number): Promise<Seen>;
}

export function startScouts({ main, amount, ledger, file, world, seed, until }: ScoutOptions): Scouts {
  const scouts = Array.from({ length: amount }, (_, nth) => {
    const work: ScoutWork = {
      file,
      world,
      seed: seed + nth,
      step: amount,
      ...(until !== undefined && { until }),
    };
    return new Scout(main, work, ledger);
  });
  return {
    look: (wanted) => (scouts[(wanted - seed) % amount] as Scout).look(wanted),
    [Symbol.asyncDispose]: async () => void (await Promise.all(scouts.map((scout) => scout.end()))),
  };
}

class Scout {
  readonly #process: ChildProcess;
  readonly #seen = new Map<number, PromiseWithResolvers<Seen>>();
  readonly #gone: Promise<void>;
  #ended: LabError | undefined;

  constructor(main: string, work: ScoutWork, ledger: ResourceLedger) {
    this.#process = fork(main, [JSON.stringify(work)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, SHAKETABLE_OWNER: ledger.owner },
    });
    ledger.process(this.#process, { command: 'shaketable explore scout' });
    this.#process.on('message', ({ seed, seen }: ScoutMessage) => this.#of(seed).resolve(seen));
    const gone = Promise.withResolvers<void>();
    this.#gone = gone.promise;
    this.#process
      .once('error', () => {})
      .once('exit', (code, by) => {
        this.#ended = new LabError(
          'LAB_INTERNAL',
          `A process that plays schedules ended: ${by ?? `exit code ${code}`}`,
          {
            hint: 'What it said stands above; `--workers 1` plays in this process.',
          },
        );
        for (const waiting of this.#seen.values()) waiting.reject(this.#ended);
        gone.resolve();
      });
  }

  async look(seed: number): Promise<Seen> {
    const waiting = this.#of(seed);
    if (this.#ended) waiting.reject(this.#ended);
    const seen = await waiting.promise;
    this.#seen.delete(seed);
    return seen;
  }

  /** It ends the schedule that it is at, and gives back what it has. */
  async end(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    await this.#gone;
  }

  #of(seed: number): PromiseWithResolvers<Seen> {
    const known = this.#seen.get(seed);
    if (known !== undefined) return known;
    const made = Promise.withResolvers<Seen>();
    made.promise.catch(() => undefined);
    this.#seen.set(seed, made);
    return made;
  }
}
