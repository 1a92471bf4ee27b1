/**
 * `http_close`: closes a connection once an answer is through and no byte moved for `after` ms, without having
 * announced it: the keep-alive race (A1, A2, A3, A6). With 0 the FIN follows the answer at once. An answer that announces
 * the close itself is no occasion, and a connection on which the next request came in time goes on.
 *
 * With `requests` the Nth answer of a connection is the first occasion, as of servers that serve so many requests a
 * connection. With `announce` that answer says `Connection: close`, as a server that keeps to RFC 9112, section 9.6, does.
 */

import { choice, duration, flag, integer } from '../core/attributes.ts';
import { closeInOrder, type Step, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { HttpDialogue } from '../protocols/http-dialogue.ts';
import { announcesClose } from '../protocols/http-head.ts';
import { actOnAnswers, deliver } from './shared/http-answers.ts';
import { withLines, withoutField } from './shared/http-fields.ts';
import { requestAttributes } from './shared/http-requests.ts';

export const httpClose = defineToxic({
  type: 'http_close',
  summary: 'FIN or RST after an answer, announced or not',
  attributes: {
    after: duration({ min: 0 }),
    /** Answers before the Nth of the connection are no occasion; 0 is any. */
    requests: integer({ min: 0 }),
    announce: flag(),
    action: choice(['close', 'reset']),
    ...requestAttributes,
  },
  startBoth: (context) => {
    const dialogue = new HttpDialogue(context);
    /** How many requests there had been when the answer that is to be the last one was through. */
    let last: number | undefined;
    /** That answer said so. */
    let announced = false;
    const isIdle = (): boolean => last === dialogue.asked && dialogue.waiting === 0;

    function strike(bytes: Buffer, offset?: number): boolean {
      const { after, announce, action } = context.attributes;
      const done = `${action === 'reset' ? 'reset' : 'closed'} after an answer${announce ? ' that says so' : ''}`;
      const reason = after === 0 ? done : `${done} and ${after} ms`;
      const place = offset === undefined ? {} : { offset };
      return context.strike({ reason, bytes: bytes.length, ...place, delivered: true, stream: 'downstream' });
    }
    function* end(bytes: Buffer): Generator<Step> {
      if (announced || strike(bytes))
        yield closeInOrder(context.attributes.action === 'reset' ? 'reset' : 'fin');
    }
    const { upstream, downstream } = actOnAnswers(context, dialogue, ({ head, framing }) => {
      if (announcesClose(head) || framing.kind === 'until-close' || framing.kind === 'tunnel')
        return undefined;
      const answered = dialogue.asked - dialogue.waiting;
      if (answered + 1 < context.attributes.requests) return undefined;
      announced = false;
      return {
        *part(part) {
          const { kind, bytes, at, offset, ends } = part;
          if (kind === 'head' && context.attributes.announce) announced = strike(bytes, offset);
          yield* deliver({ bytes: kind === 'head' && announced ? withClose(bytes) : bytes, at });
          if (!ends || kind === 'opaque') return;
          if (context.attributes.after > 0) last = dialogue.asked;
          else yield* end(bytes);
        },
      };
    });
    return {
      upstream,
      downstream: {
        ...downstream,
        *idle() {
          yield* downstream.idle?.() ?? [];
          const isDue = (): number => context.lastActivityAt() + context.attributes.after;
          while (isIdle() && isDue() > context.now()) yield until(isDue());
          if (isIdle()) yield* end(Buffer.alloc(0));
        },
      },
    };
  },
});

const withClose = (head: Buffer): Buffer =>
  withLines(['Connection', 'Keep-Alive'].reduce(withoutField, head), 'Connection: close\r\n');
