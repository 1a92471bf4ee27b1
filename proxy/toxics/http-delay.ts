/**
 * `http_delay`: an answer pauses for `delay` ms, before its head or once `after_bytes` bytes of its content went by
 * (chunked coding does not count as content). Interim answers (1xx) are not held up. A server that is slow, but alive:
 * a client's time-out for the head and its time-out between bytes are different ones (D1).
 */

import { byteCount, choice, duration } from '../core/attributes.ts';
import { type Step, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { HttpDialogue } from '../protocols/http-dialogue.ts';
import { type AnswerEffect, type AnswerPart, actOnAnswers, deliver } from './shared/http-answers.ts';
import { requestAttributes } from './shared/http-requests.ts';

export const httpDelay = defineToxic({
  type: 'http_delay',
  summary: 'pause before the head, or in the body',
  attributes: {
    delay: { ...duration({ min: 0 }), initial: 1_000 },
    where: choice(['head', 'body']),
    after_bytes: byteCount({ min: 0 }),
    ...requestAttributes,
  },
  startBoth: (context) => {
    function begin(): AnswerEffect | undefined {
      const { delay, where, after_bytes } = context.attributes;
      if (delay === 0) return undefined;
      let toPass = where === 'head' ? 0 : after_bytes;
      let due = true;
      let earliest = 0;

      function* pause({ bytes, at, offset }: AnswerPart): Generator<Step> {
        due = false;
        const reason = `${where === 'head' ? 'answer' : 'content'} delayed by ${delay} ms`;
        const fact = { reason, bytes: bytes.length, offset, delivered: true, stream: 'downstream' } as const;
        if (!context.strike(fact)) return;
        yield until(at + delay);
        earliest = Math.min(at + delay, context.now());
      }
      return {
        *part(part) {
          const { kind, bytes, at, offset } = part;
          const counts = where === 'head' || kind === 'data';
          const before = due && counts ? Math.min(toPass, bytes.length) : bytes.length;
          if (counts) toPass -= before;
          yield* deliver({ bytes: bytes.subarray(0, before), at: Math.max(at, earliest) });
          if (before === bytes.length) return;

          const rest = bytes.subarray(before);
          yield* pause({ ...part, bytes: rest, offset: offset + before });
          yield* deliver({ bytes: rest, at: Math.max(at, earliest) });
        },
      };
    }
    return actOnAnswers(context, new HttpDialogue(context), begin);
  },
});
