/**
 * Runs one toxic on one direction of one connection: takes an item, carries out the steps that the toxic yields for
 * it, and waits where they say so.
 *
 *     offer(item) ─► [ queue ] ─► [ steps of the item in hand ] ─► next.offer(item)
 *
 * All control is synchronous: updating or removing a toxic never waits for a peer. What a removed stage still holds
 * goes on at once, in order.
 */
import { type Clock, sleepUntil } from '../core/clock.ts';
import type { Item, Reply, Step } from '../core/steps.ts';
import { pass } from '../core/steps.ts';
import type { Behaviour } from '../core/toxic-type.ts';
import { runBackground } from './background.ts';
import type { Toxic } from './toxic.ts';

/** What items can be given to. A full sink still takes them; who asks first keeps memory bounded. */
export interface Sink {
  readonly full: boolean;
  /** Whether so much waits here that a toxic's own answers have to wait, too. */
  readonly crowded: boolean;
  offer(item: Item): void;
}

/** What a stage needs of the link it is part of. */
export interface StageDeps {
  readonly clock: Clock;
  /** Carries out a step that concerns the whole connection. */
  act(step: Step): void;
  /** Whether there is room for bytes of a toxic's own in the opposite direction; if not, its stage is run again when there is. */
  takesReply(toxic: Toxic, reply: Reply): boolean;
  /** Sends them. */
  reply(toxic: Toxic, reply: Reply): void;
  /** Makes the toxic's stage of the opposite direction look again whether there is something to do. */
  wakeOther(toxic: Toxic): void;
  /** A toxic's own code threw: the connection is over. */
  failed(toxic: Toxic, error: unknown): void;
  readonly closed: boolean;
}

/** Some 2 MiB of a toxic's own answers, as much as systems keep for a peer that does not read. */
const crowdedChunks = 64;

interface Program {
  readonly item: Item | undefined;
  readonly steps: Iterator<Step>;
  /** A step that could not be carried out yet. */
  pending: Step | undefined;
}

export class Stage implements Sink {
  readonly toxic: Toxic;
  next: Sink;
  /** Called when the queue has room again. */
  wakePrevious: () => void = () => {};
  readonly #behaviour: Behaviour;
  readonly #deps: StageDeps;
  readonly #queue: Item[] = [];
  #program: Program | undefined;
  #idleDone = false;
  #begun = false;
  #sleep: AbortController | undefined;
  #stopBackground: (() => void) | undefined;
  #running = false;
  #passed: number;
  /** Bytes of the direction before the item in hand. */
  offset: number;

  constructor(toxic: Toxic, behaviour: Behaviour, next: Sink, deps: StageDeps, passedBytes: number) {
    this.toxic = toxic;
    this.next = next;
    this.#behaviour = behaviour;
    this.#deps = deps;
    this.#passed = passedBytes;
    this.offset = passedBytes;
  }

  get full(): boolean {
    return this.#queue.length >= (this.toxic.type.queueChunks ?? 1);
  }

  get crowded(): boolean {
    return this.#queue.length >= crowdedChunks;
  }

  offer(item: Item): void {
    this.#queue.push(item);
    this.run();
  }

  /** Does what can be done now; called again whenever something changed. */
  run(): void {
    if (this.#running) return;
    this.#guard(() => {
      while (!this.#deps.closed && this.#advance());
    });
  }

  /** The toxic's values changed. */
  update(): void {
    this.#wake();
    if (this.#program?.item === undefined) this.#program = undefined;
    else if (this.#behaviour.onUpdate === 'restart') this.#putBack(this.#program.item);
    else this.#hurry();
    this.#idleDone = false;
    this.#endBackground();
    this.run();
  }

  /** Begins the toxic's `idle()` anew, unless an item is in hand. */
  restartIdle(): void {
    if (this.#program?.item !== undefined) return;
    this.#wake();
    this.#program = undefined;
    this.#idleDone = false;
    this.run();
  }

  /** Sends on what is held and ends; the stage takes no part in the chain after that. */
  release(how: 'deleted' | 'inactive'): void {
    this.#wake();
    this.#endBackground();
    if (this.#program?.item !== undefined) this.#hurry();
    this.#guard(() => {
      for (const step of this.#behaviour.lifted?.(how) ?? []) this.#force(step);
    });
    this.#running = true;
    for (let item = this.#queue.shift(); item; item = this.#queue.shift()) this.next.offer(item);
  }

  /** Drops everything; the connection is over. */
  stop(): void {
    this.#wake();
    this.#endBackground();
    this.#queue.length = 0;
    const { steps } = this.#program ?? {};
    this.#program = undefined;
    this.#guard(() => steps?.return?.());
  }

  /** Runs the toxic's code, which nothing interrupts: what it throws ends this connection, and no other. */
  #guard(work: () => void): void {
    this.#running = true;
    try {
      work();
    } catch (error) {
      this.#deps.failed(this.toxic, error);
    }
    this.#running = false;
  }

  /** One move; false when there is nothing to do but wait. */
  #advance(): boolean {
    if (this.#queue.length > 0 && this.#program && this.#program.item === undefined) {
      this.#wake();
      this.#program = undefined;
    }
    this.#program ??= this.#nextProgram();
    if (this.#program === undefined || this.#sleep !== undefined) return false;

    const program = this.#program;
    const step = program.pending ?? this.#nextStep(program);
    program.pending = step;
    if (step === undefined) {
      this.#idleDone = program.item === undefined;
      this.#program = undefined;
      return true;
    }
    if (!this.#tryStep(step)) return false;
    program.pending = undefined;
    return true;
  }

  #nextProgram(): Program | undefined {
    this.#beginBackground();
    if (this.#deps.closed) return undefined;
    const item = this.#takeItem();
    if (item !== undefined) {
      const program = { item, steps: this.#stepsFor(item)[Symbol.iterator](), pending: undefined };
      this.wakePrevious();
      return program;
    }
    const { idle } = this.#behaviour;
    if (!idle || this.#idleDone || this.#passed < this.#fromBytes) return undefined;
    return { item: undefined, steps: idle.call(this.#behaviour)[Symbol.iterator](), pending: undefined };
  }

  /** A toxic that has begun goes on, since it may hold bytes that nothing must overtake. */
  get #fromBytes(): number {
    return this.#begun ? 0 : (this.toxic.only?.from_bytes ?? 0);
  }

  /** The next item; a chunk that holds the byte from which the toxic acts is cut there. */
  #takeItem(): Item | undefined {
    let item = this.#queue.shift();
    this.offset = this.#passed;
    if (item?.kind !== 'chunk') return item;
    const untouched = this.#fromBytes - this.offset;
    if (untouched > 0 && untouched < item.bytes.length) {
      this.#queue.unshift({ ...item, bytes: item.bytes.subarray(untouched) });
      item = { ...item, bytes: item.bytes.subarray(0, untouched) };
    }
    this.#passed += item.bytes.length;
    return item;
  }

  /** Makes the item in hand the next one again. */
  #putBack(item: Item): void {
    this.#program = undefined;
    this.#passed = this.offset;
    this.#queue.unshift(item);
  }

  #stepsFor(item: Item): Iterable<Step> {
    this.#begun = this.offset >= this.#fromBytes;
    return (this.#begun ? this.#touch(item) : undefined) ?? [pass(item)];
  }

  #touch(item: Item): Iterable<Step> | undefined {
    if (item.kind === 'chunk') return this.#behaviour.chunk?.(item);
    if (item.kind === 'end') return this.#behaviour.end?.();
    return item.kind === 'reset' ? this.#behaviour.reset?.() : undefined;
  }

  #nextStep(program: Program): Step | undefined {
    const { done, value } = program.steps.next();
    return done ? undefined : value;
  }

  /** False when the step has to wait: for its time, or for room where it sends to. */
  #tryStep(step: Step): boolean {
    if (step.kind === 'wait') return this.#waited(step.until);
    if (step.kind === 'send' && this.next.full) return false;
    if (step.kind === 'reply' && !this.#deps.takesReply(this.toxic, step)) return false;
    this.#force(step);
    return true;
  }

  #force(step: Step): void {
    if (this.#deps.closed) return;
    if (step.kind === 'send') {
      this.next.offer(step.item);
    } else if (step.kind === 'reply') this.#deps.reply(this.toxic, step);
    else if (step.kind === 'wake') this.#deps.wakeOther(this.toxic);
    else if (step.kind !== 'wait') this.#deps.act(step);
  }

  /** Begins what goes on beside the items, unless it goes on already. */
  #beginBackground(): void {
    const { meanwhile } = this.#behaviour;
    if (!meanwhile || this.#stopBackground || this.#passed < this.#fromBytes) return;
    const steps = meanwhile.call(this.#behaviour);
    this.#stopBackground = () => {};
    this.#stopBackground = runBackground(steps, this.#deps.clock, {
      carryOut: (step) => this.#force(step),
      failed: (error) => this.#deps.failed(this.toxic, error),
    });
  }

  #endBackground(): void {
    this.#stopBackground?.();
    this.#stopBackground = undefined;
  }

  #waited(time: number): boolean {
    const { clock } = this.#deps;
    const restMs = time - clock.now();
    if (restMs <= 0) return true;
    this.#sleep = new AbortController();
    if (restMs === Number.POSITIVE_INFINITY) return false;

    const { signal } = this.#sleep;
    const again = (): void => {
      if (signal.aborted) return;
      this.#sleep = undefined;
      this.run();
    };
    sleepUntil(clock, time, signal).then(again, () => {});
    return false;
  }

  #wake(): void {
    this.#sleep?.abort();
    this.#sleep = undefined;
  }

  /** Carries out the rest of the item in hand without waiting for time or room; nothing else begins meanwhile. */
  #hurry(): void {
    const program = this.#program;
    this.#program = undefined;
    if (program === undefined) return;
    this.#guard(() => {
      for (let step = program.pending ?? this.#nextStep(program); step; step = this.#nextStep(program)) {
        this.#force(step);
      }
    });
  }
}
