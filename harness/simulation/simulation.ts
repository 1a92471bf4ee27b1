/**
 * A simulation: one seed, one queue for timers and deliveries, a clock that moves from event to event, and a network in memory. While
 * it runs, the process's timers, clocks, chance and sockets belong to it.
 */
import type { Clock } from 'shaketable-proxy/clock';
import { type Random, seededRandom } from 'shaketable-proxy/random';
import { LabError } from '../errors.ts';
import { Escapes } from './escapes.ts';
import { Network } from './network/network.ts';
import { current, type Running, setCurrent } from './seal/current.ts';
import { seal } from './seal/seal.ts';
import { EventQueue } from './time/event-queue.ts';
import { RunLoop } from './time/run-loop.ts';
import { virtualClock } from './time/virtual-clock.ts';

/** Where a simulation begins. */
export interface SimulationOptions {
  readonly seed: number | string;
  /** What its clock reads at the beginning, epoch milliseconds. @default 2026-01-01T00:00:00Z */
  readonly epochMs?: number;
  /** Turns of the event loop between two events. @default 4 */
  readonly turns?: number;
  /** Directories whose files belong to it; all others are outside. @default none */
  readonly directories?: readonly string[];
}

/** A moment like any other; certificates that are made in a simulation are valid then. */
const usualEpochMs = Date.UTC(2026, 0, 1);

/**
 * How long it goes on after its end, milliseconds. undici keeps one timer of 499 ms for a whole process, and looks there for what was
 * cancelled: one that never comes would be the end of all its time-outs in the next simulation.
 */
const farewellMs = 1_100;

export class Simulation implements Running, AsyncDisposable {
  readonly queue = new EventQueue();
  readonly clock: Clock;
  readonly epochMs: number;
  readonly network: Network;
  /** What the process's own sources of chance give, and nothing else draws from. */
  readonly entropy: Random;
  readonly escapes = new Escapes();
  /** Whose files belong to it. */
  readonly directories: readonly string[];
  readonly #loop: RunLoop;

  /** Starts one. @throws LabError while another runs in this process */
  static start(options: SimulationOptions): Simulation {
    seal();
    if (current())
      throw new LabError('LAB_BAD_INPUT', 'A simulation runs in this process already', {
        hint: 'Play one after the other, or in processes of their own: timers and sockets of a process belong to one.',
      });
    const simulation = new Simulation(options);
    setCurrent(simulation);
    simulation.#loop.start();
    return simulation;
  }

  private constructor({ seed, epochMs = usualEpochMs, turns, directories = [] }: SimulationOptions) {
    this.epochMs = epochMs;
    this.directories = directories;
    this.clock = virtualClock(this.queue, epochMs);
    this.network = new Network(this.queue);
    this.entropy = seededRandom(seed).fork('entropy');
    this.#loop = new RunLoop(this.queue, turns);
  }

  /** Events taken so far. */
  get events(): number {
    return this.#loop.events;
  }

  /** Keeps time from passing until `task` has settled. */
  hold<T>(task: () => Promise<T>): Promise<T> {
    return this.#loop.hold(task);
  }

  /** Ends it: what is not due soon never comes. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.queue.size > 0) await this.clock.sleep(farewellMs);
    this.#loop.stop();
    if (current() === this) setCurrent(undefined);
  }
}
