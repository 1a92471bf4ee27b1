/** What the contract suite plays through each toxic. */
import type { Stream } from '../../../../proxy/core/events.ts';

/** Bytes that one side sends at once. */
export interface Message {
  readonly stream: Stream;
  readonly bytes: Buffer;
}

/** A type of toxic with values that show its effect, and traffic that it has an effect on. */
export interface Sample {
  readonly type: string;
  /** The direction that it is created for; default downstream. */
  readonly stream?: Stream | 'both';
  /** Values with an effect on the dialogue. */
  readonly attributes: object;
  /** Values with none; left out where the type has no such values. */
  readonly harmless?: object;
  /** Whether losing or changing bytes is the effect. */
  readonly loses: boolean;
  /** What is sent, in order; default plain text in both directions. */
  readonly dialogue?: readonly Message[];
  /** What has become of an idle connection when it is lifted at once, if not nothing. */
  readonly leavesBehind?: string;
  /** Whether the dialogue as it is shows an effect; default true. */
  readonly acts?: boolean;
  /** Whether its times and rates are attributes, so that slower ones make the same effect slower; default true. */
  readonly scales?: boolean;
}

/** Bytes from client to server. */
export const up = (bytes: string | Buffer): Message => ({ stream: 'upstream', bytes: Buffer.from(bytes) });

/** Bytes from server to client. */
export const down = (bytes: string | Buffer): Message => ({
  stream: 'downstream',
  bytes: Buffer.from(bytes),
});

/** Twenty messages of plain text of growing length, every third from the client. */
export const plainDialogue: readonly Message[] = Array.from({ length: 20 }, (_, index) => {
  const text = `${String.fromCharCode(97 + index).repeat(10 + index)};`;
  return index % 3 === 0 ? up(text) : down(text);
});
