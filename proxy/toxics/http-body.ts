/**
 * `http_body`: an answer whose body is not what its head says, as of a server that crashed or of a broken gateway (E3,
 * E4). `truncate` stops once `after_bytes` bytes of content went by; `wrong_length` adds `by` to the Content-Length;
 * `missing_last_chunk` leaves the end of the chunked coding out; `malformed_chunk` makes the first chunk size from
 * `after_bytes` bytes of content on unreadable. `action` is how the answer then ends: FIN, RST, or silence on an open
 * connection. Answers without a Content-Length, or without chunks, are left alone by the faults that need them.
 */

import { type AttributeValues, byteCount, choice } from '../core/attributes.ts';
import { defineToxic, type ToxicContext } from '../core/toxic-type.ts';
import { HttpDialogue } from '../protocols/http-dialogue.ts';
import { type Answer, type AnswerEffect, actOnAnswers, deliver, endBy } from './shared/http-answers.ts';
import { requestAttributes } from './shared/http-requests.ts';

const attributes = {
  fault: choice(['truncate', 'wrong_length', 'missing_last_chunk', 'malformed_chunk']),
  after_bytes: byteCount({ min: 0 }),
  by: { ...byteCount({ min: -(2 ** 40), max: 2 ** 40 }), initial: 1 },
  action: choice(['close', 'reset', 'hang']),
  ...requestAttributes,
};

type Context = ToxicContext<AttributeValues<typeof attributes>>;
type Effect = (context: Context, answer: Answer, hang: () => void) => AnswerEffect | undefined;

const malformedSize = Buffer.from('zz\r\n');

const effects: Readonly<Record<Context['attributes']['fault'], Effect>> = {
  truncate: (context, _answer, hang) => {
    const { after_bytes, action } = context.attributes;
    let toPass = after_bytes;
    let cut = false;
    return {
      get lossy() {
        return cut;
      },
      *part({ kind, bytes, at, offset }) {
        if (cut) return;
        const before = kind === 'data' ? Math.min(bytes.length, toPass) : bytes.length;
        if (kind === 'data') toPass -= before;
        yield* deliver({ bytes: bytes.subarray(0, before), at });
        if (before === bytes.length) return;

        const rest = bytes.subarray(before);
        cut = strike(context, `body cut after ${after_bytes} bytes`, rest, offset + before);
        if (cut) return yield* endBy(action, hang);
        toPass = Number.POSITIVE_INFINITY;
        yield* deliver({ bytes: rest, at });
      },
    };
  },

  wrong_length: (context, { framing }, hang) => {
    const { by, action } = context.attributes;
    if (framing.kind !== 'length' || by === 0) return undefined;
    const told = Math.max(0, framing.bytes + by);
    let struck = false;
    return {
      *part({ kind, bytes, at, offset, ends }) {
        if (kind === 'head')
          struck = strike(context, `length ${framing.bytes} told as ${told}`, bytes, offset);
        yield* deliver({ bytes: kind === 'head' && struck ? withLength(bytes, told) : bytes, at });
        if (ends && struck) yield* endBy(action, hang);
      },
    };
  },

  missing_last_chunk: (context, { framing }, hang) => {
    const { action } = context.attributes;
    if (framing.kind !== 'chunked') return undefined;
    return {
      *part(part) {
        const last = part.kind === 'last' && strike(context, 'last chunk left out', part.bytes, part.offset);
        yield* last ? endBy(action, hang) : deliver(part);
      },
    };
  },

  malformed_chunk: (context, { framing }, hang) => {
    const { after_bytes, action } = context.attributes;
    if (framing.kind !== 'chunked') return undefined;
    let toPass = after_bytes;
    let struck = false;
    return {
      *part({ kind, bytes, at, offset, ends }) {
        const due = kind === 'size' && toPass <= 0;
        if (kind === 'data') toPass -= bytes.length;
        if (due) toPass = Number.POSITIVE_INFINITY;
        const strikes = due && strike(context, 'chunk size malformed', bytes, offset);
        struck ||= strikes;
        yield* deliver({ bytes: strikes ? malformedSize : bytes, at });
        if (ends && struck) yield* endBy(action, hang);
      },
    };
  },
};

export const httpBody = defineToxic({
  type: 'http_body',
  summary: 'truncated, wrong length, broken chunks',
  attributes,
  startBoth: (context) =>
    actOnAnswers(context, new HttpDialogue(context), (answer, hang) =>
      answer.framing.kind === 'tunnel'
        ? undefined
        : effects[context.attributes.fault](context, answer, () => hang('within')),
    ),
});

const strike = (context: Context, reason: string, { length }: Buffer, offset: number): boolean =>
  context.strike({ reason, bytes: length, offset, delivered: false, stream: 'downstream' });

function withLength(head: Buffer, length: number): Buffer {
  const text = head.toString('latin1').replace(/^(content-length[ \t]*:)[^\r\n]*/gim, `$1 ${length}`);
  return Buffer.from(text, 'latin1');
}
