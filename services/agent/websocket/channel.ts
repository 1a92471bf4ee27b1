/**
 * The words of the WebSocket channel: what may be sent, how a send can end, what a channel is. Both forms of the
 * channel, naive and hardened, have this shape, so that what each one claims can be held against what the server got.
 */
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { Dial } from '../shared/dial.ts';
import type { ChannelPolicy } from './policy.ts';

/** Where the agent runs. It decides how much is logged, and nothing else (R4.7). */
export type Environment = 'development' | 'staging' | 'production';

/** A JSON message. The server acknowledges each message that has an `id` once, by that `id`. */
export interface ChannelMessage {
  readonly type: string;
  /** Made up by the hardened channel when it is missing. */
  readonly id?: string;
  readonly [field: string]: unknown;
}

export interface SendOptions {
  /** Bound on the time until the outcome is known. */
  readonly timeoutMs?: number;
  /** Whether the message may be sent again, under the same id, when its connection is lost. Default false. */
  readonly idempotent?: boolean;
}

/**
 * Why a message certainly took no effect: never sent, or, as `rejected`, taken for invalid by the server. `refused`
 * means that the server does not accept the token, `gave_up` that the attempts to open are used up.
 */
export type FailedReason =
  | 'buffer_full'
  | 'closed'
  | 'closing'
  | 'duplicate_id'
  | 'gave_up'
  | 'not_sent_in_time'
  | 'refused'
  | 'rejected'
  | 'state_unknown'
  | 'too_large'
  | 'unserializable';

/** Why it is unknown whether a message was received. */
export type UnknownReason =
  | 'closed_before_acknowledgement'
  | 'connection_lost'
  | 'no_acknowledgement'
  | 'peer_silent';

/**
 * How a send ended (R4.1, R4.5): `acknowledged` by the server, `failed` (definitely without effect) or `unknown`
 * (handed to the socket, may have been received).
 */
export type SendOutcome =
  | {
      readonly status: 'acknowledged';
      readonly id?: string;
      readonly handler?: string;
      readonly waitedMs: number;
    }
  | {
      readonly status: 'failed';
      readonly definite: true;
      readonly id: string;
      readonly reason: FailedReason;
      readonly waitedMs: number;
    }
  | {
      readonly status: 'unknown';
      readonly id: string;
      readonly reason: UnknownReason;
      readonly waitedMs: number;
    };

/**
 * What is known of the connection: `suspect` when it is open but the peer owes a sign of life, `unknown` when the
 * socket does not tell its state.
 */
export type ChannelState = 'connecting' | 'open' | 'suspect' | 'closing' | 'closed' | 'unknown';

/** Counters since the channel was made, and what it holds right now. */
export interface ChannelStats {
  /** Connections tried, and those of them that opened. */
  readonly attempts: number;
  readonly opened: number;
  /** How sends ended. */
  readonly acknowledged: number;
  readonly failed: number;
  readonly unknown: number;
  /** Messages without an outcome yet. */
  readonly pending: number;
  /** Bytes that wait in the channel and in its socket, now and at most so far. */
  readonly bufferedBytes: number;
  readonly peakBufferedBytes: number;
  /** Sockets that are held. */
  readonly sockets: number;
}

/** A WebSocket connection to the server that messages are sent through. */
export interface Channel extends AsyncDisposable {
  /** Resolves once the connection is open; rejects when it cannot be opened. */
  open(): Promise<void>;
  /** Sends one message. Never rejects: the outcome says what happened. */
  send(message: ChannelMessage, options?: SendOptions): Promise<SendOutcome>;
  readonly state: ChannelState;
  close(): Promise<void>;
  stats(): ChannelStats;
}

export interface ChannelOptions {
  /** `ws:` or `wss:` address of the server's WebSocket. */
  readonly url: string;
  /** Client token, sent as a bearer token with the upgrade. */
  readonly token: string;
  /** PEM of the authority that signed the server's certificate. Default: those that Node trusts. */
  readonly ca?: string;
  readonly environment: Environment;
  readonly userId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;
  /** Where log lines go. */
  readonly log: NodeJS.WritableStream;
  /** Parts of the policy that differ from the default. The naive channel has none. */
  readonly policy?: Partial<ChannelPolicy>;
}
