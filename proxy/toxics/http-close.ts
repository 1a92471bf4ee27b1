/**
 * `http_close`: closes a connection once an answer is through and no byte moved for `after` ms, without having
 * announced it: the keep-alive race (A1, A2, A3, A6). With 0 the FIN follows the answer at once. An answer that announces
 * the close itself is no occasion, and a connection on which the next request came in time goes on.
 */

import { duration } from '../core/attributes.ts';
import { closeInOrder, type Step, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { HttpDialogue } from '../protocols/http-dialogue.ts';
import { announcesClose } from '../protocols/http-head.ts';
import { actOnAnswers, deliver } from './shared/http-answers.ts';
import { requestAttributes } from './shared/http-requests.ts';

export const httpClose = defineToxic({
  type: 'http_close',
  summary: 'FIN after an answer that did not announce it',
  attributes: { after: duration({ min: 0 }), ...requestAttributes },
  startBoth: (context) => {
    const dialogue = new HttpDialogue(context);
    /** How many requests there had been when the answer that is to be the last one was through. */
    let last: number | undefined;
    const isIdle = (): boolean => last === dialogue.asked && dialogue.waiting === 0;

    function* strike(bytes: number): Generator<Step> {
      const { after } = context.attributes;
      const reason = after === 0 ? 'closed after an answer' : `closed after an answer and ${after} ms`;
      const fact = { reason, bytes, delivered: true, stream: 'downstream' } as const;
      if (context.strike(fact)) yield closeInOrder('fin');
    }
    const { upstream, downstream } = actOnAnswers(context, dialogue, ({ head, framing }) => {
      if (announcesClose(head) || framing.kind === 'until-close' || framing.kind === 'tunnel')
        return undefined;
      return {
        *part(part) {
          yield* deliver(part);
          if (!part.ends || part.kind === 'opaque') return;
          if (context.attributes.after > 0) last = dialogue.asked;
          else yield* strike(part.bytes.length);
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
          if (isIdle()) yield* strike(0);
        },
      },
    };
  },
});
