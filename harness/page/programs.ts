/** The programs of a stage while the page is open: which of them run, and what starts and stops them. */
import { LabError } from '../errors.ts';
import type { ProgramRow } from './messages.ts';
import type { Env, Stage, StageProgram } from './stage.ts';

/** Is told of what was started and stopped. */
export interface ProgramListener {
  started(program: StageProgram, env: Env): void;
  stopped(program: StageProgram): void;
}

/** Of an environment; more than that no program reads. */
const mostVariables = 100;

export class Programs implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #listener: ProgramListener;
  readonly #running = new Map<string, AsyncDisposable>();
  /** One start or stop at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(stage: Stage, listener: ProgramListener) {
    this.#stage = stage;
    this.#listener = listener;
  }

  rows(): ProgramRow[] {
    return this.#stage.programs.map(({ name, about, env }) => ({
      name,
      about,
      env,
      running: this.#running.has(name),
    }));
  }

  /** Starts one, unless it runs. @throws LabError with what it says */
  start(name: string, env: Env): Promise<void> {
    return this.#inTurn(async () => {
      const program = this.#find(name);
      if (this.#running.has(name)) throw refused(`${name} runs already`, 'Stop it first.');
      if (Object.keys(env).length > mostVariables) throw refused(`More than ${mostVariables} variables`);
      const started = await program.start(env).catch((cause: unknown) => {
        throw refused(`${name} did not start: ${cause instanceof Error ? cause.message : String(cause)}`);
      });
      this.#running.set(name, started);
      this.#listener.started(program, env);
    });
  }

  stop(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const program = this.#find(name);
      const running = this.#running.get(name);
      if (!running) throw refused(`${name} does not run`);
      this.#running.delete(name);
      this.#listener.stopped(program);
      await running[Symbol.asyncDispose]();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last.catch(() => {});
    const all = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(all.map((program) => program[Symbol.asyncDispose]()));
  }

  #find(name: string): StageProgram {
    const found = this.#stage.programs.find((program) => program.name === name);
    if (found) return found;
    throw refused(`There is no program ${name}`);
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task, task);
    this.#last = turn;
    turn.catch(() => {});
    return turn;
  }
}

function refused(message: string, hint?: string): LabError {
  return new LabError('LAB_BAD_INPUT', message, hint === undefined ? {} : { hint });
}
