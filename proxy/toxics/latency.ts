/**
 * `latency`: each chunk leaves `latency` ± `jitter` ms after it arrived. Delays overlap, so messages keep their
 * spacing and throughput is not limited; order is always kept; a FIN has no delay of its own.
 */

import { duration } from '../core/attributes.ts';
import { pass, send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

export const latency = defineToxic({
  type: 'latency',
  summary: 'each chunk leaves late; order is kept',
  attributes: { latency: duration(), jitter: duration() },
  queueChunks: 1_024,
  start: (context) => ({
    *chunk(chunk) {
      const { latency, jitter } = context.attributes;
      const shift = jitter > 0 ? Math.floor(context.random.next() * 2 * jitter) - jitter : 0;
      const delayMs = latency + shift;
      const touched = { reason: `delayed by ${delayMs} ms`, bytes: chunk.bytes.length, delivered: true };
      if (delayMs <= 0 || !context.strikeOnce(touched)) return yield pass(chunk);

      const due = chunk.at + delayMs;
      const leftMs = due - context.now();
      yield until(due);
      const { queueingShortensDelay } = context.quirks;
      yield send(chunk.bytes, queueingShortensDelay ? chunk.at + leftMs : Math.min(due, context.now()));
    },
  }),
});
