/**
 * `slicer`: cuts chunks into pieces of about `average_size` ± `size_variation` bytes by halving them around a random
 * middle, and waits `delay` microseconds after each piece. With an `average_size` of 0, the default, nothing is cut.
 * When it is changed or deleted, the rest of the chunk in hand goes on in one piece.
 */

import { invalidAttribute } from '../core/api-error.ts';
import { byteCount, duration } from '../core/attributes.ts';
import type { Random } from '../core/random.ts';
import { pass, send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

/**
 * A wait that ends late is made up for by so much at most, so that pieces are not sent together; it is what the
 * platform's timers need to keep the pace of delays shorter than they can count.
 */
const catchUpMs = 1;

export const slicer = defineToxic({
  type: 'slicer',
  summary: 'chunks in pieces',
  attributes: {
    average_size: byteCount({ min: 0 }),
    size_variation: byteCount({ min: 0 }),
    delay: duration({ unit: 'µs' }),
  },
  check({ average_size, size_variation }) {
    if (size_variation > average_size) {
      throw invalidAttribute('size_variation', `at most average_size (${average_size})`, size_variation);
    }
  },
  start: (context) => ({
    *chunk(chunk) {
      const { average_size, size_variation, delay } = context.attributes;
      const pieces = [...slice(chunk.bytes, average_size, size_variation, context.random)];
      const cut = { reason: `cut into ${pieces.length} pieces`, bytes: chunk.bytes.length, delivered: true };
      const idle = pieces.length === 1 && delay <= 0;
      if (idle || !context.strikeOnce(cut)) return yield pass(chunk);

      let due = context.now();
      for (const [index, piece] of pieces.entries()) {
        yield send(piece, chunk.at);
        due = Math.max(due, context.now() - catchUpMs) + delay / 1_000;
        yield until(due);
        if (due - context.now() <= catchUpMs) continue;
        const rest = Buffer.concat(pieces.slice(index + 1));
        if (rest.length > 0) yield send(rest, chunk.at);
        return;
      }
    },
  }),
});

/** Halves until every piece is at most `average + variation` bytes. */
function* slice(bytes: Buffer, average: number, variation: number, random: Random): Generator<Buffer> {
  if (average === 0 || bytes.length <= average + variation) return yield bytes;
  const shift = variation > 0 ? Math.floor(random.next() * 2 * variation) - variation : 0;
  const middle = Math.min(Math.max(Math.floor(bytes.length / 2) + shift, 1), bytes.length - 1);
  yield* slice(bytes.subarray(0, middle), average, variation, random);
  yield* slice(bytes.subarray(middle), average, variation, random);
}
