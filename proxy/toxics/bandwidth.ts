/**
 * `bandwidth`: paces one direction of each connection to `rate` KB/s (1 KB = 1000 bytes), in slices of at most
 * 100 ms. A timer that fires late is made up for by the next slice; idle time earns no credit. Rate 0 freezes the
 * direction until the toxic is changed or removed.
 */

import { rate } from '../core/attributes.ts';
import { pass, send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

const sliceMs = 100;

export const bandwidth = defineToxic({
  type: 'bandwidth',
  summary: 'paces each connection; 0 freezes',
  attributes: { rate: rate({ min: 0 }) },
  start: (context) => {
    let overshootMs = 0;
    return {
      *chunk(chunk) {
        const { rate } = context.attributes;
        const touched = { reason: `paced to ${rate} KB/s`, bytes: chunk.bytes.length, delivered: rate > 0 };
        if (!context.strikeOnce(touched)) return yield pass(chunk);
        if (rate === 0) {
          yield until(Number.POSITIVE_INFINITY);
          return yield pass(chunk);
        }
        for (let from = 0; from < chunk.bytes.length; from += rate * sliceMs) {
          const slice = chunk.bytes.subarray(from, from + rate * sliceMs);
          const due = context.now() + slice.length / rate - overshootMs;
          yield until(due);
          overshootMs = Math.max(0, context.now() - due);
          yield send(slice, chunk.at);
        }
      },
    };
  },
});
