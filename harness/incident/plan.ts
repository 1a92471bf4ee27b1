/**
 * How an incident is played: which subject of the lab takes the part of the incident’s program, what it does how often, and which
 * faults it meets for how long. It is plain data, and stands in the scenario file.
 */

/** Who takes the part of the program. */
export type Part =
  /** Reports and heartbeats, a new connection for each request, repeated unseen. */
  | 'agent'
  /** The same on one connection that is kept. */
  | 'session'
  /** The same with a time-out and announced attempts. */
  | 'retrying'
  /** Messages over a WebSocket. */
  | 'channel'
  /** Batches into a database. */
  | 'sync';

/** A fault and when it holds. */
export interface Step {
  /** Its id among the scenario’s faults. */
  readonly fault: string;
  /** How long it holds, lab ms. */
  readonly forMs: number;
  /** It is lifted sooner: after so many strikes. */
  readonly strikes?: number;
  /** Lab ms without it after those strikes. @default 0 */
  readonly restMs?: number;
  /** Lab ms without it before. @default 0 */
  readonly afterMs?: number;
}

/** What is played. */
export interface IncidentPlan {
  readonly part: Part;
  readonly work: 'report' | 'heartbeat' | 'message' | 'batch';
  /** From one piece of work to the next, lab ms. */
  readonly everyMs: number;
  /** How long an answer is waited for, lab ms. */
  readonly timeoutMs?: number;
  readonly attempts?: number;
  /** `quick`: 1, 2, 4 s. `capped`: 60, 120, 240 s, at most 300 s. */
  readonly waits?: 'quick' | 'capped';
  /** Whether faults see the HTTP or WebSocket inside TLS. */
  readonly seesInside?: boolean;
  /** The server’s own settings. */
  readonly server?: Readonly<Record<string, string>>;
  /** The database server’s own settings. */
  readonly database?: Readonly<Record<string, string>>;
  /** The program meets the faults when it starts. */
  readonly atStart?: boolean;
  /** What is wrong with the server’s certificate. */
  readonly certificate?: string;
  readonly steps: readonly Step[];
}
