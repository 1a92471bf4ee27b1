/**
 * `http_headers`: an answer whose head is too much for its reader, or cannot be read. `flood` adds `count` fields with
 * values of `bytes` bytes, so `count: 1` is a single huge one; clients limit a head to 8 to 64 KiB or 100 fields.
 * `malformed_field` adds a line that is no field, `malformed_status` makes the status line unreadable.
 */

import { invalidAttribute } from '../core/api-error.ts';
import { byteCount, choice, integer } from '../core/attributes.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { HttpDialogue } from '../protocols/http-dialogue.ts';
import { actOnAnswers, deliver } from './shared/http-answers.ts';
import { requestAttributes } from './shared/http-requests.ts';

const largestFloodBytes = 16 * 1024 * 1024;
/** Name, colon, white space and line end of a field that is added. */
const fieldOverheadBytes = 20;

export const httpHeaders = defineToxic({
  type: 'http_headers',
  summary: 'header flood, malformed head',
  attributes: {
    fault: choice(['flood', 'malformed_field', 'malformed_status']),
    count: { ...integer({ min: 0, max: 1_000_000 }), initial: 1_000 },
    bytes: { ...byteCount({ min: 0, max: largestFloodBytes }), initial: 100 },
    ...requestAttributes,
  },
  check({ count, bytes }) {
    const flood = count * (bytes + fieldOverheadBytes);
    if (flood <= largestFloodBytes) return;
    throw invalidAttribute('count', `at most ${largestFloodBytes} bytes of fields in all`, flood);
  },
  startBoth: (context) =>
    actOnAnswers(context, new HttpDialogue(context), () => {
      const { fault, count, bytes: valueBytes } = context.attributes;
      if (fault === 'flood' && count === 0) return undefined;
      const reason =
        fault === 'flood' ? `${count} fields of ${valueBytes} bytes added` : fault.replace('_', ' ');
      return {
        *part(part) {
          const { kind, bytes, at, offset } = part;
          const fact = {
            reason,
            bytes: bytes.length,
            offset,
            delivered: true,
            stream: 'downstream',
          } as const;
          if (kind !== 'head' || !context.strike(fact)) return yield* deliver(part);
          if (fault === 'malformed_status') return yield* deliver({ bytes: withoutStatus(bytes), at });
          const added = fault === 'flood' ? fields(count, valueBytes) : 'this line is no field\r\n';
          yield* deliver({ bytes: withLines(bytes, added), at });
        },
      };
    }),
});

function fields(count: number, valueBytes: number): string {
  const value = 'x'.repeat(valueBytes);
  return Array.from({ length: count }, (_, index) => `X-Flood-${index + 1}: ${value}\r\n`).join('');
}

const withoutStatus = (head: Buffer): Buffer =>
  Buffer.from(head.toString('latin1').replace(/ \d{3}/, ' 2x0'), 'latin1');

/** Adds lines behind the last field. */
function withLines(head: Buffer, lines: string): Buffer {
  const text = head.toString('latin1');
  const end = text.search(/\r?\n$/);
  return Buffer.from(`${text.slice(0, end)}${lines}${text.slice(end)}`, 'latin1');
}
