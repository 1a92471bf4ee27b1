/**
 * What a step of a diagnosis is: one question, an answer with its cause and remedy, and what the steps before it found out.
 */
import type { LookupAddress } from 'node:dns';
import type { Connection } from 'mysql2/promise';
import type { Clock } from 'shaketable-proxy/clock';
import type { Answer } from './answer.ts';
import type { Target } from './target.ts';

/** The steps by what they ask, in their order. */
export const stepTitles = Object.freeze({
  name: 'name resolves',
  tcp: 'connects',
  tls: 'TLS is sound',
  health: 'server is healthy',
  database: 'database answers',
  token: 'token is known',
  account: 'account is active',
  agent: 'agent is registered',
  heartbeat: 'heartbeat is fresh',
});

export type StepId = keyof typeof stepTitles;

/** What a step came to. Sentences end without a full stop. */
export type Finding =
  /** `remarks` are what a reader has to know all the same. */
  | { readonly outcome: 'holds'; readonly detail: string; readonly remarks?: readonly string[] }
  | Broken
  /** The step could not tell, though nothing was found broken. */
  | { readonly outcome: 'unknown'; readonly cause: string; readonly remedy: string }
  /** There is nothing to look at. */
  | { readonly outcome: 'skipped'; readonly reason: string };

export interface Broken {
  readonly outcome: 'broken';
  readonly cause: string;
  readonly remedy: string;
  /** Whether it may mend by itself, so that waiting makes sense. */
  readonly mayPass: boolean;
}

/** What steps find out for those behind them. */
export interface Known {
  /** Addresses of the name, in the resolver's order. */
  addresses?: readonly LookupAddress[];
  /** The address that took a connection. */
  address?: string;
  /** The server said of itself that it does not reach its database. */
  databaseDown?: true;
  database?: Connection;
  /** How the server answered to the token. */
  tokenAnswer?: Answer;
  /** The client in the database that has the token; null for none. */
  client?: ClientRow | null;
  agent?: AgentFacts;
}

export interface ClientRow {
  readonly id: string;
  readonly name: string;
  readonly is_active: number;
}

/** An agent as server or database knows it. Times are epoch ms. */
export interface AgentFacts {
  readonly from: 'server' | 'database';
  readonly status?: string | undefined;
  /** null: there never was one; undefined: not told. */
  readonly lastHeartbeatAt?: number | null | undefined;
  readonly heartbeatTimeoutMs?: number | undefined;
  /** The clock of whoever told it, at that moment. */
  readonly now: number;
}

/** What a step is given. */
export interface StepContext {
  readonly target: Target;
  readonly known: Known;
  readonly clock: Clock;
  readonly lookup: (hostname: string) => Promise<LookupAddress[]>;
  /** Longest time for one answer, ms. */
  readonly timeoutMs: number;
  /** Aborts when the user does not want to know any more. */
  readonly signal: AbortSignal;
  /** Closes what outlives a step. */
  readonly resources: AsyncDisposableStack;
}

export interface Step {
  readonly id: StepId;
  look(context: StepContext): Promise<Finding>;
}

/** A broken step that nothing but somebody's hand mends. */
export const broken = (cause: string, remedy: string): Broken => ({
  outcome: 'broken',
  cause,
  remedy,
  mayPass: false,
});

/** A broken step that may mend by itself. */
export const brokenForNow = (cause: string, remedy: string): Broken => ({
  ...broken(cause, remedy),
  mayPass: true,
});

export const unknown = (cause: string, remedy: string): Finding => ({ outcome: 'unknown', cause, remedy });
export const skipped = (reason: string): Finding => ({ outcome: 'skipped', reason });
export const holds = (detail: string, remarks: readonly string[] = []): Finding => ({
  outcome: 'holds',
  detail,
  ...(remarks.length === 0 ? {} : { remarks }),
});
