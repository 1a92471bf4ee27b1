/**
 * `cut`: exactly `bytes` bytes of its direction arrive, counted from where the toxic begins, then the connection is
 * reset, closed with FIN, or stalls until the toxic is changed or deleted. With `bytes: 0` it is cut at the next write,
 * and nothing of that arrives. Bytes before the cut pass the toxics that were added later before anything ends.
 *
 * A reset still overtakes what the receiver had no room for: TCP drops unsent bytes with it (RFC 9293, 3.10.7.4).
 */

import { byteCount, choice } from '../core/attributes.ts';
import { closeInOrder, pass, send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

export const cut = defineToxic({
  type: 'cut',
  summary: 'exactly so many bytes, then the end',
  attributes: { bytes: byteCount({ min: 0 }), action: choice(['reset', 'close', 'stall']) },
  start: (context) => {
    let passed = 0;
    let over = false;
    return {
      *chunk(chunk) {
        if (over) return;
        const { bytes, action } = context.attributes;
        const left = Math.max(0, bytes - passed);
        passed += chunk.bytes.length;
        const reached = {
          reason: `${action} after ${bytes} bytes`,
          bytes: chunk.bytes.length,
          delivered: false,
        };
        if (chunk.bytes.length < left || !context.strike(reached)) return yield pass(chunk);

        if (left > 0) yield send(chunk.bytes.subarray(0, left), chunk.at);
        if (action === 'stall') {
          yield until(Number.POSITIVE_INFINITY);
          yield send(chunk.bytes.subarray(left), context.now());
        } else {
          over = true;
          yield closeInOrder(action === 'close' ? 'fin' : 'reset');
        }
      },
    };
  },
});
