/**
 * Processes that play the seeds of a sweep beside each other, or have them played elsewhere. Each is asked for every so-manieth seed, and
 * sends what was seen; what fails is looked into by whoever started them.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { ResourceLedger } from '../cleanup/index.ts';
import { LabError, type LabErrorCode } from '../errors.ts';
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
  /** The engine by which others play them, */
  readonly on?: string;
  /** and the config of the project that they play for, where one was named. */
  readonly project?: string;
}

/** What one of them says: what was seen of a seed, why all of it proves nothing, or why it cannot go on. */
export type ScoutMessage =
  | { readonly seed: number; readonly seen: Seen }
  | { readonly doubt: string }
  | { readonly failed: { readonly code: string; readonly message: string; readonly hint?: string } };

export interface ScoutOptions {
  /** The program of a scout. */
  readonly main: string;
  readonly amount: number;
  readonly work: Omit<ScoutWork, 'step'>;
  readonly ledger: ResourceLedger;
}

/** Those that were started; disposal ends them. */
export interface Scouts extends AsyncDisposable {
  /** What was seen with a seed. @throws LabError `LAB_INTERNAL` when the one that plays it has ended */
  look(seed: number): Promise<Seen>;
  /** Why what was seen proves nothing, as far as that is known. */
  doubt(): string | undefined;
}

export function startScouts({ main, amount, ledger, work }: ScoutOptions): Scouts {
  const { seed } = work;
  const scouts = Array.from(
    { length: amount },
    (_, nth) => new Scout(main, { ...work, seed: seed + nth, step: amount }, ledger),
  );
  return {
    look: (wanted) => (scouts[(wanted - seed) % amount] as Scout).look(wanted),
    doubt: () => scouts.find((scout) => scout.doubt !== undefined)?.doubt,
    [Symbol.asyncDispose]: async () => void (await Promise.all(scouts.map((scout) => scout.end()))),
  };
}

class Scout {
  readonly #process: ChildProcess;
  readonly #seen = new Map<number, PromiseWithResolvers<Seen>>();
  readonly #gone: Promise<void>;
  doubt: string | undefined;
  #ended: LabError | undefined;

  constructor(main: string, work: ScoutWork, ledger: ResourceLedger) {
    this.#process = fork(main, [JSON.stringify(work)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, SHAKETABLE_OWNER: ledger.owner },
    });
    ledger.process(this.#process, { command: 'shaketable explore scout' });
    this.#process.on('message', (message: ScoutMessage) => this.#hear(message));
    const gone = Promise.withResolvers<void>();
    this.#gone = gone.promise;
    this.#process
      .once('error', () => {})
      .once('exit', (code, by) => {
        this.#end(
          new LabError('LAB_INTERNAL', `A process that plays schedules ended: ${by ?? `exit code ${code}`}`, {
            hint: 'What it said stands above; `--workers 1` plays in this process.',
          }),
        );
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

  #hear(message: ScoutMessage): void {
    if ('seen' in message) this.#of(message.seed).resolve(message.seen);
    else if ('doubt' in message) this.doubt ??= message.doubt;
    else {
      const { code, message: what, hint } = message.failed;
      this.#end(new LabError(code as LabErrorCode, what, hint === undefined ? {} : { hint }));
    }
  }

  /** What was not seen yet never will be; the first reason is the one. */
  #end(why: LabError): void {
    this.#ended ??= why;
    for (const waiting of this.#seen.values()) waiting.reject(this.#ended);
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
