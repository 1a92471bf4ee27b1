/** `limit_data`: closes the connection once `bytes` bytes have passed in its direction; exactly that many arrive. */

import { byteCount } from '../core/attributes.ts';
import { closeInOrder, pass, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

export const limitData = defineToxic({
  type: 'limit_data',
  summary: 'closed after so many bytes',
  attributes: { bytes: byteCount() },
  start: (context) => {
    let passed = 0;
    let closing = false;
    return {
      *chunk(chunk) {
        if (closing) return;
        const left = Math.max(0, context.attributes.bytes - passed);
        passed += chunk.bytes.length;
        const reached = {
          reason: 'limit reached',
          bytes: chunk.bytes.length,
          delivered: chunk.bytes.length <= left,
        };
        if (chunk.bytes.length < left || !context.strike(reached)) return yield pass(chunk);

        closing = true;
        if (left > 0) yield send(chunk.bytes.subarray(0, left), chunk.at);
        yield closeInOrder('fin');
      },
    };
  },
});
