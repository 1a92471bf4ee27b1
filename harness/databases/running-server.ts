/** A server process that can be stopped, restarted and frozen: one thing at a time, and never again once it is stopped. */
import type { Clock } from 'shaketable-proxy/clock';
import type { StartedProcess } from '../subjects/process.ts';
import type { ServerPlan } from './engine.ts';
import { type LaunchContext, launch } from './server-process.ts';
import { untilFrozen } from './until-frozen.ts';

/** MySQL takes 1.6 s to say goodbye properly; one that takes longer than this is stuck. */
const goodbyeMs = 10_000;
/** Data that is about to be removed is not worth waiting for. */
const discardMs = 500;

/** How to restart. */
export interface RestartOptions {
  /** Lets the server say goodbye; otherwise it is killed and has to recover. @default true */
  readonly graceful?: boolean;
  /** How long it stays away, of the clock it was started with. @default 0 */
  readonly downMs?: number;
}

/** What only the owner of a server may do to it. */
export interface ServerControl {
  /** Stops the server and starts it again on the same port with the same data. Resolves once it is ready. */
  restart(options?: RestartOptions): Promise<void>;
  /** Stops the process in its tracks: connections stay open, and nothing is answered from when this resolves. */
  freeze(): Promise<void>;
  /** Lets it go on. */
  thaw(): Promise<void>;
}

/** The control of one server, from its first launch on. */
export class RunningServer implements ServerControl {
  readonly #plan: ServerPlan;
  readonly #context: LaunchContext;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  #process: StartedProcess;
  #restarts: Promise<void> = Promise.resolve();

  private constructor(plan: ServerPlan, context: LaunchContext, clock: Clock, process: StartedProcess) {
    this.#plan = plan;
    this.#context = context;
    this.#clock = clock;
    this.#process = process;
  }

  /** Launches a server; fails as `launch` does. */
  static async start(plan: ServerPlan, context: LaunchContext, clock: Clock): Promise<RunningServer> {
    return new RunningServer(plan, context, clock, await launch(plan, context));
  }

  get pid(): number {
    return this.#process.pid;
  }

  restart(options: RestartOptions = {}): Promise<void> {
    const restarted = this.#restarts.then(() => this.#restart(options));
    this.#restarts = restarted.catch(() => undefined);
    return restarted;
  }

  async freeze(): Promise<void> {
    this.#process.kill('SIGSTOP');
    await untilFrozen(this.#process.pid);
  }

  async thaw(): Promise<void> {
    this.#process.kill('SIGCONT');
  }

  /** Ends the server for good; a restart under way is given up. */
  async stop(): Promise<void> {
    this.#ended.abort(new Error('The database server was stopped'));
    await this.#restarts;
    await this.#process.stop(discardMs);
  }

  async #restart({ graceful = true, downMs = 0 }: RestartOptions): Promise<void> {
    const { signal } = this.#ended;
    signal.throwIfAborted();
    await this.#process.stop(graceful ? goodbyeMs : 0);
    await this.#clock.sleep(downMs, signal);
    this.#process = await launch(this.#plan, { ...this.#context, signal });
  }
}
