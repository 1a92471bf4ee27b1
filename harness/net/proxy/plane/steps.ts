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

/** Bytes, the sender's FIN, or the sender's RST, in the order they arrived. */
export type Item = Chunk | { readonly kind: 'end' } | { readonly kind: 'reset' };

/** How a toxic answers what arrives on a connection that was forgotten. */
export type ForgetAnswer = 'silence' | 'reset';

/** One thing for the stage to do. */
export type Step =
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'send'; readonly item: Item }
  | { readonly kind: 'reply'; readonly bytes: Buffer }
  | { readonly kind: 'wake' }
  | { readonly kind: 'close'; readonly how: 'fin' | 'reset' }
  | { readonly kind: 'forget'; readonly answer: ForgetAnswer };

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
export const reply = (bytes: Buffer): Step => ({ kind: 'reply', bytes });

/** Makes the toxic's other direction begin its `idle()` anew: something that it waits for came about here. */
export const wakeOther: Step = { kind: 'wake' };

/** Hands the sender's FIN on. */
export const passEnd: Step = { kind: 'send', item: { kind: 'end' } };

/** Closes both sides of the connection, after what was sent before. */
export const close = (how: 'fin' | 'reset'): Step => ({ kind: 'close', how });

/** Lets go of the connection as a NAT does: both sides stay open and nothing passes any more. */
export const forget = (answer: ForgetAnswer): Step => ({ kind: 'forget', answer });
