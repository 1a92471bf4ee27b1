/**
 * The types of an agent. The naive and the hardened one do the same work: register, fetch the configuration, then send
 * heartbeats, poll for commands and report on the machine. They differ in how they stand up to a network.
 */
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { Dial } from '../shared/dial.ts';
import type { AgentConfig } from './config.ts';

/** An agent that can be started once and stopped once. */
export interface Agent {
  readonly facts: AgentFacts;
  /** Resolves when the agent runs. The hardened one rejects with `AgentStartError` if it cannot start. */
  start(): Promise<void>;
  /** Ends all work and releases everything, within a bound. May be called twice, and before `start` has ended. */
  stop(): Promise<void>;
}

/** What is known about an agent. */
export interface AgentFacts {
  readonly machineId: string;
  /** Given by the server at registration. */
  readonly agentId?: string;
}

/** What an agent is made of. */
export interface AgentOptions {
  readonly config: AgentConfig;
  readonly clock: Clock;
  readonly random: Random;
  /** How connections are opened. @default dialTcp */
  readonly dial?: Dial;
  /** Where the log goes. */
  readonly log: NodeJS.WritableStream | { readonly file: string };
}
