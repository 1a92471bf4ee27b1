/**
 * `http_headers`: an answer whose head is too much for its reader, or cannot be read. `flood` adds `count` fields with
 * values of `bytes` bytes, so `count: 1` is a single huge one; clients limit a head to 8 to 64 KiB or 100 fields.
 * `malformed_field` adds a line that is no field, `malformed_status` makes the status line unreadable.
 *
 * Or one that can be read, and says something else than the server did: `set` and `add` write `fields`, lines as
 * `Name: value`, in the place of the server's or beside them; `remove` takes away those whose names `fields` has. A
 * clock that is wrong, a `Retry-After` that the limiter does not give, a keep-alive that is not kept.
 */

import { invalidAttribute } from '../core/api-error.ts';
import { type AttributeValues, byteCount, choice, integer, text } from '../core/attributes.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { HttpDialogue } from '../protocols/http-dialogue.ts';
import { matchesGlob } from './shared/glob.ts';
import { actOnAnswers, deliver } from './shared/http-answers.ts';
import {
  checkFieldNames,
  checkFields,
  fieldValue,
  linesOf,
  withLines,
  withoutField,
} from './shared/http-fields.ts';
import { requestAttributes } from './shared/http-requests.ts';

const largestFloodBytes = 16 * 1024 * 1024;
/** Name, colon, white space and line end of a field that is added. */
const fieldOverheadBytes = 20;

const attributes = {
  fault: choice(['flood', 'malformed_field', 'malformed_status', 'set', 'add', 'remove']),
  count: { ...integer({ min: 0, max: 1_000_000 }), initial: 1_000 },
  bytes: { ...byteCount({ min: 0, max: largestFloodBytes }), initial: 100 },
  /** Of `set` and `add`: `Name: value`; the value may be `date+120`. Of `remove`: names. One a line. */
  fields: text({ max: 8_192 }),
  /** The status of the answers that it acts on, with `*` for anything: `429`, `5*`. Empty is any. */
  status: text({ max: 3 }),
  ...requestAttributes,
};

type Values = AttributeValues<typeof attributes>;

/** What becomes of a head, and why; a head that stays as it is is no strike. */
interface Change {
  readonly reason: string;
  readonly head: Buffer;
}

const changes: Readonly<Record<Values['fault'], (values: Values, head: Buffer, now: number) => Change>> = {
  flood: ({ count, bytes }, head) => ({
    reason: `${count} fields of ${bytes} bytes added`,
    head: withLines(head, flood(count, bytes)),
  }),
  malformed_field: (_values, head) => ({
    reason: 'malformed field',
    head: withLines(head, 'this line is no field\r\n'),
  }),
  malformed_status: (_values, head) => ({ reason: 'malformed status', head: withoutStatus(head) }),
  set: ({ fields }, head, now) => ({
    reason: `set ${namesOf(fields)}`,
    head: withLines(linesOf(fields).map(nameOf).reduce(withoutField, head), written(fields, now)),
  }),
  add: ({ fields }, head, now) => ({
    reason: `added ${namesOf(fields)}`,
    head: withLines(head, written(fields, now)),
  }),
  remove: ({ fields }, head) => ({
    reason: `removed ${namesOf(fields)}`,
    head: linesOf(fields).reduce(withoutField, head),
  }),
};

export const httpHeaders = defineToxic({
  type: 'http_headers',
  summary: 'fields set, added or removed; header flood, malformed head',
  attributes,
  check({ fault, count, bytes, fields }) {
    if (fault === 'remove') checkFieldNames(fields);
    else checkFields(fields);
    const flood = count * (bytes + fieldOverheadBytes);
    if (flood <= largestFloodBytes) return;
    throw invalidAttribute('count', `at most ${largestFloodBytes} bytes of fields in all`, flood);
  },
  startBoth: (context) =>
    actOnAnswers(context, new HttpDialogue(context), (answer) => {
      const { attributes } = context;
      if (!matchesGlob(attributes.status || '*', String(answer.head.status))) return undefined;
      return {
        *part(part) {
          const { kind, bytes, at, offset } = part;
          if (kind !== 'head') return yield* deliver(part);
          const { head, reason } = changes[attributes.fault](attributes, bytes, context.now());
          const fact = { reason, bytes: bytes.length, offset, delivered: true } as const;
          const acts = !head.equals(bytes) && context.strike({ ...fact, stream: 'downstream' });
          yield* deliver({ bytes: acts ? head : bytes, at });
        },
      };
    }),
});

function flood(count: number, valueBytes: number): string {
  const value = 'x'.repeat(valueBytes);
  return Array.from({ length: count }, (_, index) => `X-Flood-${index + 1}: ${value}\r\n`).join('');
}

const withoutStatus = (head: Buffer): Buffer =>
  Buffer.from(head.toString('latin1').replace(/ \d{3}/, ' 2x0'), 'latin1');

const nameOf = (line: string): string => line.split(':', 1)[0] ?? '';
const namesOf = (fields: string): string => linesOf(fields).map(nameOf).join(', ');

/** The lines as they stand in a head that is sent at `now`, epoch ms. */
function written(fields: string, now: number): string {
  const line = (given: string): string =>
    `${nameOf(given)}: ${fieldValue(given.slice(nameOf(given).length + 1).trim(), now)}\r\n`;
  return linesOf(fields).map(line).join('');
}
