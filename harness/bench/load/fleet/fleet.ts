/** Many agents in one process. */
import { createSecureContext } from 'node:tls';
import type { Clock } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';
import { type AgentHabits, type AgentWorld, FleetAgent } from './agent.ts';
import { openLink } from './link.ts';
import { type ReconnectName, reconnectPolicy } from './reconnect.ts';
import { type FleetCounts, Tally } from './tally.ts';
import { TimerWheel } from './timer-wheel.ts';

export interface FleetOptions {
  readonly agents: number;
  readonly port: number;
  /** The authority to trust, PEM. */
  readonly ca: string;
  readonly habits: AgentHabits;
  /** Agents take turns with these addresses for their end; empty for the system's choice. */
  readonly localAddresses: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}

/** So many agents at most keep the times of their reports. */
const sampledAgents = 1_000;

export class Fleet {
  readonly #world: AgentWorld;
  readonly #agents: FleetAgent[] = [];
  readonly #options: FleetOptions;

  constructor(options: FleetOptions) {
    const { agents, port, ca, habits, localAddresses, clock, random } = options;
    const secureContext = createSecureContext({ ca });
    const wheel = new TimerWheel(clock);
    const tally = new Tally();
    this.#options = options;
    this.#world = {
      ...{ clock, random, wheel, tally, habits },
      policy: reconnectPolicy('patient', agents),
      paused: false,
      openLink: (owner, agent) =>
        openLink({ port, secureContext, localAddress: localAddresses[agent % localAddresses.length] }, owner),
    };
    wheel.turn((lateMs) => tally.turned(lateMs)).catch(() => {});
  }

  /**
   * Starts agents until there are `to`, with at most `inFlight` of them on their way, and resolves once all are online, or
   * after `withinMs`, with how many are.
   */
  async raise(to: number, inFlight: number, withinMs: number): Promise<number> {
    const { tally } = this.#world;
    const start = (): void => {
      while (this.#agents.length < to && this.#agents.length - tally.online < inFlight) this.#startNext();
    };
    const raised = this.#until(() => tally.online >= to, withinMs, start);
    start();
    await raised;
    return tally.online;
  }

  /** Resolves once all agents are online and none of their reports waits, or after `withinMs`; no report is made from now on. */
  async settle(withinMs: number): Promise<number> {
    const { tally } = this.#world;
    this.#world.paused = true;
    const isSettled = (): boolean => tally.online === this.#agents.length && this.waiting === 0;
    await this.#until(isSettled, withinMs);
    return this.waiting;
  }

  /** Connections that are lost from now on are made again by that policy. */
  reconnectBy(policy: ReconnectName): void {
    this.#world.policy = reconnectPolicy(policy, this.#options.agents);
  }

  /** The same, and reports are made again. */
  resume(policy: ReconnectName): void {
    this.reconnectBy(policy);
    this.#world.paused = false;
  }

  /** Reports without an acknowledgement. */
  get waiting(): number {
    return this.#agents.reduce((sum, agent) => sum + agent.waiting, 0);
  }

  /** Resolves once all agents are online, or after `withinMs`, with how many are. */
  async back(withinMs: number): Promise<number> {
    const { tally } = this.#world;
    await this.#until(() => tally.online === this.#agents.length, withinMs);
    return tally.online;
  }

  take(): FleetCounts {
    return this.#world.tally.take();
  }

  #startNext(): void {
    const { agents } = this.#options;
    const number = this.#agents.length;
    const agent = new FleetAgent(number, this.#world, number % Math.ceil(agents / sampledAgents) === 0);
    this.#agents.push(agent);
    agent.connect();
  }

  /** Asked at each turn of the wheel; `meanwhile` runs at each change. */
  async #until(isSo: () => boolean, withinMs: number, meanwhile: () => void = () => {}): Promise<void> {
    const { wheel, tally } = this.#world;
    const { promise, resolve } = Promise.withResolvers<void>();
    const ask = (): void => {
      if (isSo()) resolve();
      else again = wheel.after(1, ask);
    };
    let again = wheel.after(0, ask);
    const limit = wheel.after(withinMs, resolve);
    tally.onChange = meanwhile;
    await promise;
    tally.onChange = () => {};
    again.cancel();
    limit.cancel();
  }
}
