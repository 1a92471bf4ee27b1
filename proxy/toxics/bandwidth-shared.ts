/**
 * `bandwidth_shared`: all connections of the proxy together get `rate` KB/s (1 KB = 1000 bytes) in a direction, as
 * those behind one access line do; `bandwidth` gives each so much (Shopify/toxiproxy#613). They take turns in slices of
 * 10 ms, so one that sends a lot leaves the others their share. Idle time earns no credit; rate 0 freezes.
 *
 * With `stream: "both"` the two directions share the rate, as on a half-duplex line.
 */

import { rate } from '../core/attributes.ts';
import { pass, send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

const sliceMs = 10;
/** A segment of TCP; slices are not smaller. */
const segmentBytes = 1_460;

interface Line {
  /** When what was given to the line so far has passed, epoch ms. */
  freeAt: number;
  /** How late its last timer fired; the next slice makes up for it. */
  overshootMs: number;
}

export const bandwidthShared = defineToxic({
  type: 'bandwidth_shared',
  summary: 'one line for all connections',
  attributes: { rate: rate({ min: 0 }) },
  start: (context) => {
    const line = context.shared((): Line => ({ freeAt: 0, overshootMs: 0 }));
    return {
      *chunk(chunk) {
        const { rate } = context.attributes;
        const reason = `shares ${rate} KB/s`;
        if (!context.strikeOnce({ reason, bytes: chunk.bytes.length, delivered: rate > 0 })) {
          return yield pass(chunk);
        }
        if (rate === 0) {
          yield until(Number.POSITIVE_INFINITY);
          return yield pass(chunk);
        }
        const sliceBytes = Math.max(segmentBytes, rate * sliceMs);
        for (let from = 0; from < chunk.bytes.length; from += sliceBytes) {
          const slice = chunk.bytes.subarray(from, from + sliceBytes);
          const costMs = slice.length / rate;
          const due = Math.max(line.freeAt, context.now() - line.overshootMs) + costMs;
          line.freeAt = due;
          try {
            yield until(due);
            line.overshootMs = Math.max(0, context.now() - due);
          } finally {
            // The connection is gone, or the toxic was changed or lifted: it takes no time from the others.
            if (context.now() < due) line.freeAt -= costMs;
          }
          yield send(slice, chunk.at);
        }
      },
    };
  },
});
