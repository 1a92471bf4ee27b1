/** The hardened channel's bounds, as data: each wait, each buffer and each number of attempts has one here. */
import type { Category } from '../shared/errors.ts';
import type { RetryPolicy } from '../shared/retry.ts';

/** Every wait is in milliseconds of the channel's clock. */
export interface ChannelPolicy {
  /** Bound on a send when the call names none. Default 5 s. */
  readonly sendTimeoutMs: number;
  /** From dialling to an open WebSocket: name, TCP, TLS and upgrade together. Default 10 s. */
  readonly connectTimeoutMs: number;
  /** How long the peer may take to finish a close before the socket is destroyed. Default 3 s. */
  readonly closeTimeoutMs: number;
  /** Time between pings. Default 15 s. */
  readonly pingIntervalMs: number;
  /** How long a ping may stay unanswered before the peer is suspect and new messages are held back. Default 2 s. */
  readonly suspectAfterMs: number;
  /** How long a ping may stay unanswered before the peer counts as gone. Default 5 s. */
  readonly pongTimeoutMs: number;
  /** Most bytes that may wait: without an outcome, and in the socket. Default 1 MiB. */
  readonly bufferLimitBytes: number;
  /** The longest message; the server closes connections over a longer one. Default 64 KiB, as on the server. */
  readonly messageLimitBytes: number;
  /** Messages are handed to the socket while it buffers less than this. Default 64 KiB. */
  readonly highWaterBytes: number;
  /**
   * When a failed attempt to connect is followed by another one. `attempts` bounds the first opening, and is how long
   * an outage lasts before it is reported as an error; a channel that has been open goes on trying. The jitter is
   * wide, so that agents that lost the server together do not come back together.
   */
  readonly reconnect: RetryPolicy;
}

/** The policy that holds where an option says nothing else. */
export const defaultChannelPolicy: ChannelPolicy = Object.freeze({
  sendTimeoutMs: 5_000,
  connectTimeoutMs: 10_000,
  closeTimeoutMs: 3_000,
  pingIntervalMs: 15_000,
  suspectAfterMs: 2_000,
  pongTimeoutMs: 5_000,
  bufferLimitBytes: 1_048_576,
  messageLimitBytes: 65_536,
  highWaterBytes: 65_536,
  reconnect: Object.freeze({
    attempts: 5,
    delaysMs: Object.freeze({ baseMs: 1_000, factor: 2, capMs: 30_000 }),
    jitter: 1,
    retryOn: [
      'name_resolution',
      'refused',
      'reset',
      'timeout',
      'rate_limited',
      'server_error',
    ] satisfies Category[],
    longestRetryAfterMs: 60_000,
  }),
});
