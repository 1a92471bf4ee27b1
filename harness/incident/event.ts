/** What an incident is made of: one event for each thing that a log, a HAR file or a capture tells. */

/** What happened. Failures have a family, which is the kind with its detail: `status:401`, `tls:expired`. */
export type EventKind =
  | 'request'
  | 'reset'
  | 'refused'
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'status'
  | 'ws-close'
  | 'mysql'
  | 'not-connected'
  | 'retry'
  | 'gave-up'
  | 'reconnect'
  | 'duplicate'
  | 'recovered'
  /** What the server says of why. */
  | 'answer'
  /** On the wire: a connection was made. */
  | 'connect'
  /** On the wire: a request and its answer, of which no more can be seen. */
  | 'exchange'
  /** Something failed, and nothing says how. */
  | 'failed';

/** Kinds that say that something went wrong. */
const failureKinds: ReadonlySet<EventKind> = new Set<EventKind>([
  'reset',
  'refused',
  'timeout',
  'dns',
  'tls',
  'status',
  'ws-close',
  'mysql',
  'not-connected',
]);

/** Who tells of it. */
export type Side = 'client' | 'server' | 'wire';

/** What a text, an exchange or a packet says, before it has a place and a time. */
export interface Told {
  readonly kind: EventKind;
  /** The status, the close code, the MySQL error, the kind of TLS failure, the phase of a time-out. */
  readonly detail?: string;
  /** What was asked for, as `POST /api/fleet/report`; identifiers in it are `:id`. */
  readonly operation?: string;
  /** The answer’s status. */
  readonly status?: number;
  readonly attempt?: number;
  readonly attempts?: number;
  /** The wait that is announced before the next attempt, ms. */
  readonly delayMs?: number;
  /** How long was waited for what did not come, ms. */
  readonly afterMs?: number;
  /** How long the answer took, ms. */
  readonly durationMs?: number;
  /** Whether a connection broke while nothing was asked, or in place of an answer. */
  readonly phase?: 'idle' | 'answer';
  /** How long the connection had been idle before, ms. */
  readonly idleMs?: number;
  /** What makes it the same request when it is sent again: a sequence number, an id of the operation. */
  readonly identity?: string;
  /** Which connection or program, where that is told. */
  readonly peer?: string;
}

/** One event. */
export interface IncidentEvent extends Told {
  /** ms on the common clock; missing where nothing tells the time. */
  readonly t?: number;
  readonly source: string;
  readonly side: Side;
  /** Where it stands: the line or the packet, from 1. */
  readonly line: number;
  /** What stands there, with names replaced, for whoever wants to see the evidence. */
  readonly quote: string;
}

/** The kind of failure, with its detail; undefined for what is none. */
export function familyOf({ kind, detail, status = 0 }: Told): string | undefined {
  if (kind === 'request' && status >= 400) return `status:${status}`;
  if (!failureKinds.has(kind)) return undefined;
  const isSplit = kind === 'status' || kind === 'tls' || kind === 'mysql' || kind === 'ws-close';
  return isSplit && detail !== undefined ? `${kind}:${detail}` : kind;
}
