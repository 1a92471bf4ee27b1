/**
 * What travels through a chain of toxics, and what a toxic may do with it. A toxic only says what should happen, as a
 * sequence of steps; waiting, writing and closing is the work of the stage that runs it (`stage.ts`).
 */

/** Bytes that arrived together, at most 32 KiB. */
export interface Chunk {
  readonly kind: 'chunk';
  readonly bytes: Buffer;
  /** When they arrived, epoch ms; delays count from here, and move it on. */
  readonly at: number;
}

/** A toxic's order to close both sides, on its way behind the bytes that it let through. */
interface Closing {
  readonly kind: 'close';
  readonly how: 'fin' | 'reset';
}

/** Bytes, the sender's FIN, or the sender's RST, in the order they arrived; or the end that a toxic makes. */
export type Item = Chunk | { readonly kind: 'end' } | { readonly kind: 'reset' } | Closing;

/** How a toxic answers what arrives on a connection that was forgotten. */
export type ForgetAnswer = 'silence' | 'reset';

/** The end of a connection that is gone, and how it ends there. */
export interface GoneEnd {
  readonly side: 'client' | 'server';
  readonly how: 'fin' | 'reset';
}

/** Bytes of a toxic's own, for the sender of the item in hand. */
export interface Reply {
  readonly kind: 'reply';
  readonly bytes: Buffer;
  /** Whether toxics see them as if the other end had sent them. */
  readonly asPeer: boolean;
}

/** One thing for the stage to do. */
export type Step =
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'send'; readonly item: Item }
  | Reply
  | { readonly kind: 'wake' }
  | { readonly kind: 'close'; readonly how: 'fin' | 'reset' }
  | { readonly kind: 'forget'; readonly answer: ForgetAnswer; readonly gone?: GoneEnd };

/** Waits for that point in time; `Infinity` is "until the toxic is changed or removed". */
export const until = (time: number): Step => ({ kind: 'wait', until: time });

/** Hands an item on as it is. */
export const pass = (item: Item): Step => ({ kind: 'send', item });

/** Hands bytes on; `at` is the arrival time that the next toxic counts from. */
export const send = (bytes: Buffer, at: number): Step => ({
  kind: 'send',
  item: { kind: 'chunk', bytes, at },
});

/** Sends bytes of the toxic's own back to where the item came from, through the toxics that were added later. */
export const reply = (bytes: Buffer): Step => ({ kind: 'reply', bytes, asPeer: false });

/** The same as if the other end had sent them: through all toxics of that direction, this one too. */
export const replyAsPeer = (bytes: Buffer): Step => ({ kind: 'reply', bytes, asPeer: true });

/** Makes the toxic's other direction begin its `idle()` anew: something that it waits for came about here. */
export const wakeOther: Step = { kind: 'wake' };

/** Hands the sender's FIN on. */
export const passEnd: Step = { kind: 'send', item: { kind: 'end' } };

/** Closes both sides of the connection now; what later toxics still hold is lost. */
export const close = (how: 'fin' | 'reset'): Step => ({ kind: 'close', how });

/** Closes both sides once everything that was sent before has passed the later toxics and left the proxy. */
export const closeInOrder = (how: 'fin' | 'reset'): Step => ({ kind: 'send', item: { kind: 'close', how } });

/**
 * Lets go of the connection as a NAT does: both sides stay open and nothing passes any more. The `gone` end, if one is
 * given, is ended there, and the other does not learn of it.
 */
export const forget = (answer: ForgetAnswer, gone?: GoneEnd): Step => ({
  kind: 'forget',
  answer,
  ...(gone && { gone }),
});
