/**
 * `corrupt`: flips bits, each with the given probability (asked for in Shopify/toxiproxy#451). Which bits depends on
 * the seed and their place in the stream alone, not on how it is split. Checksums of TCP do not notice, since they are
 * right again: it is what a broken router, disk or proxy does to a payload.
 */

import { fraction } from '../core/attributes.ts';
import { pass, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

export const corrupt = defineToxic({
  type: 'corrupt',
  summary: 'bits flipped',
  attributes: { probability: fraction(0) },
  start: (context) => {
    /** Bits until the next one to flip, and the probability by which they were drawn. */
    let gap = 0;
    let drawnFor: number | undefined;

    /** The number of bits that are spared before one is hit: geometrically distributed. */
    const drawGap = (): number =>
      Math.floor(Math.log1p(-context.random.next()) / Math.log1p(-context.attributes.probability));

    /** The bits to flip in the next `length` of them. */
    const takeHits = (length: number): number[] => {
      const { probability } = context.attributes;
      const hits: number[] = [];
      let position = probability === drawnFor ? gap : drawGap();
      drawnFor = probability;
      for (; position < length; position += 1 + drawGap()) hits.push(position);
      gap = position - length;
      return hits;
    };
    return {
      *chunk(chunk) {
        if (context.attributes.probability === 0) return yield pass(chunk);
        const hits = takeHits(chunk.bytes.length * 8);
        const [first] = hits;
        const touched = new Set(hits.map((bit) => bit >> 3)).size;
        const reason = `${hits.length} bits flipped`;
        if (first === undefined || !context.strike({ reason, bytes: touched, delivered: true })) {
          return yield pass(chunk);
        }
        const bytes = Buffer.from(chunk.bytes);
        for (const bit of hits) bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        yield send(bytes, chunk.at);
      },
    };
  },
});
