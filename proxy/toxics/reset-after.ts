/**
 * `reset_after`: resets both ends when the Nth byte of its direction arrived, before handing that byte on. On the
 * downstream with `bytes: 1`, the server has applied the request and its answer is lost (R1.5). The bytes before the
 * Nth are held back too, unless `pass` is set; should the Nth never come, they go on with the FIN.
 */

import { byteCount, flag } from '../core/attributes.ts';
import { close, closeInOrder, type Item, pass, type Step } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

const largest = 16 * 1024 * 1024;

export const resetAfter = defineToxic({
  type: 'reset_after',
  summary: 'RST when that byte comes: applied, answer lost',
  attributes: { bytes: { ...byteCount({ min: 1, max: largest }), initial: 1 }, pass: flag() },
  start: (context) => {
    let arrived = 0;
    let over = false;
    const held: Item[] = [];

    function* release(): Generator<Step> {
      for (const item of held.splice(0)) yield pass(item);
    }
    return {
      *chunk(chunk) {
        if (over) return;
        const before = context.attributes.bytes - 1 - arrived;
        arrived += chunk.bytes.length;
        held.push(chunk);
        if (arrived >= context.attributes.bytes) {
          const reason = `reset at byte ${context.attributes.bytes}`;
          if (!context.strike({ reason, bytes: chunk.bytes.length, delivered: false }))
            return yield* release();
          held.pop();
          if (context.attributes.pass && before > 0) {
            yield pass({ ...chunk, bytes: chunk.bytes.subarray(0, before) });
          }
          over = true;
          yield context.attributes.pass ? closeInOrder('reset') : close('reset');
        } else if (context.attributes.pass) yield* release();
      },
      *end() {
        yield* release();
        yield pass({ kind: 'end' });
      },
      lifted: release,
    };
  },
});
