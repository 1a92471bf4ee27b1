/** Timers, `Date` and the process's other clocks, which turn to the simulation that runs. */
import { AsyncLocalStorage } from 'node:async_hooks';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import type { QueuedEvent } from '../time/event-queue.ts';
import { current, type Running } from './current.ts';

/** Node takes a delay that is shorter, longer or no number for this. */
const shortestMs = 1;
const longestMs = 2 ** 31 - 1;

type Callback = (...args: unknown[]) => void;
type InContext = ReturnType<typeof AsyncLocalStorage.snapshot>;

const timersById = new Map<number, VirtualTimer>();
let lastId = 0;

/** What `setTimeout` gives: it has all that Node's own has. */
class VirtualTimer {
  #simulation: Running;
  readonly #ms: number;
  readonly #repeats: boolean;
  readonly #run: () => void;
  readonly #context: InContext = AsyncLocalStorage.snapshot();
  #event: QueuedEvent | undefined;
  #id: number | undefined;
  #isRef = true;

  constructor(simulation: Running, run: () => void, delay: unknown, repeats: boolean) {
    const ms = Math.trunc(Number(delay));
    this.#simulation = simulation;
    this.#ms = ms >= shortestMs && ms <= longestMs ? ms : shortestMs;
    this.#repeats = repeats;
    this.#run = run;
    this.#start();
  }

  /** One that was kept since another simulation, as undici keeps its only timer, belongs to this one from now on. */
  refresh(): this {
    this.close();
    this.#simulation = current() ?? this.#simulation;
    this.#start();
    return this;
  }

  close(): this {
    if (this.#event) this.#simulation.queue.cancel(this.#event);
    this.#event = undefined;
    return this;
  }

  ref(): this {
    this.#isRef = true;
    return this;
  }

  unref(): this {
    this.#isRef = false;
    return this;
  }

  hasRef(): boolean {
    return this.#isRef;
  }

  [Symbol.toPrimitive](): number {
    if (this.#id === undefined) {
      lastId += 1;
      this.#id = lastId;
      timersById.set(lastId, this);
    }
    return this.#id;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #start(): void {
    this.#event = this.#simulation.queue.scheduleTimer(this.#ms, () => {
      this.#event = undefined;
      if (this.#repeats) this.#start();
      else if (this.#id !== undefined) timersById.delete(this.#id);
      this.#context(this.#run);
    });
  }
}

export function sealTimers(): void {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = timers;
  const starts = (real: Callback, repeats: boolean) => {
    return (callback: Callback, delay?: unknown, ...args: unknown[]): unknown => {
      const simulation = current();
      if (!simulation) return Reflect.apply(real, undefined, [callback, delay, ...args]);
      return new VirtualTimer(simulation, () => callback(...args), delay, repeats);
    };
  };
  const clears =
    (real: Callback) =>
    (timer: unknown): void => {
      if (timer instanceof VirtualTimer) return void timer.close();
      const known = timersById.get(Number(timer instanceof Object ? Number.NaN : timer));
      if (known) return void known.close();
      Reflect.apply(real, undefined, [timer]);
    };
  const sealed = {
    setTimeout: starts(setTimeout as Callback, false),
    setInterval: starts(setInterval as Callback, true),
    clearTimeout: clears(clearTimeout as Callback),
    clearInterval: clears(clearInterval as Callback),
  };
  sealPromises();
  Object.defineProperty(sealed.setTimeout, promisify.custom, { value: timersPromises.setTimeout });
  Object.assign(timers, sealed);
  Object.assign(globalThis, sealed);
  sealAbortTimeout();
}

function sealPromises(): void {
  const { setTimeout, setInterval } = timersPromises;
  const sleep = (simulation: Running, ms: unknown, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(aborted(signal));
      const timer = new VirtualTimer(simulation, done, ms, false);
      signal?.addEventListener('abort', cancel, { once: true });
      function done(): void {
        signal?.removeEventListener('abort', cancel);
        resolve();
      }
      function cancel(): void {
        timer.close();
        reject(aborted(signal as AbortSignal));
      }
    });
  timersPromises.setTimeout = (async (
    ms?: number,
    value?: unknown,
    options: { signal?: AbortSignal } = {},
  ) => {
    const simulation = current();
    if (!simulation)
      return Reflect.apply(setTimeout, timersPromises, [ms, value, options]) as Promise<unknown>;
    await sleep(simulation, ms, options.signal);
    return value;
  }) as typeof setTimeout;
  timersPromises.setInterval = async function* (
    ms?: number,
    value?: unknown,
    options: { signal?: AbortSignal } = {},
  ) {
    const simulation = current();
    if (!simulation) return yield* Reflect.apply(setInterval, timersPromises, [ms, value, options]);
    for (;;) {
      await sleep(simulation, ms, options.signal);
      yield value;
    }
  } as typeof setInterval;
  const { scheduler } = timersPromises;
  const { wait } = scheduler;
  scheduler.wait = (ms, options) =>
    current() ? timersPromises.setTimeout(ms, undefined, options) : wait.call(scheduler, ms, options);
}

const aborted = (signal: AbortSignal): Error =>
  Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  });

function sealAbortTimeout(): void {
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (ms: number): AbortSignal => {
    const simulation = current();
    if (!simulation) return timeout.call(AbortSignal, ms);
    const controller = new AbortController();
    const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    new VirtualTimer(simulation, () => controller.abort(late), ms, false);
    return controller.signal;
  };
}
