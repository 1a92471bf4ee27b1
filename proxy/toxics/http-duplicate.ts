/**
 * `http_duplicate`: an answer comes a second time, `delay` ms after the first, though unasked for. A client that is
 * idle then has to drop the connection; one that has asked something else meanwhile may take it for the answer to that.
 * Answers of more than 1 MiB, and those that end with the connection or end HTTP on it, come once.
 */

import { duration } from '../core/attributes.ts';
import { until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { HttpDialogue } from '../protocols/http-dialogue.ts';
import { actOnAnswers, deliver } from './shared/http-answers.ts';
import { requestAttributes } from './shared/http-requests.ts';

const largestAnswerBytes = 1024 * 1024;

export const httpDuplicate = defineToxic({
  type: 'http_duplicate',
  summary: 'an answer comes twice',
  attributes: { delay: duration({ min: 0 }), ...requestAttributes },
  startBoth: (context) =>
    actOnAnswers(context, new HttpDialogue(context), ({ framing }) => {
      if (framing.kind === 'until-close' || framing.kind === 'tunnel') return undefined;
      const copy: Buffer[] = [];
      let length = 0;
      return {
        *part(part) {
          const { kind, bytes, at, offset, ends } = part;
          yield* deliver(part);
          length += bytes.length;
          if (length <= largestAnswerBytes) copy.push(bytes);
          else copy.length = 0;
          if (!ends || kind === 'opaque' || copy.length === 0) return;

          const first = offset + bytes.length - length;
          const fact = { reason: 'answered twice', bytes: length, offset: first, delivered: true } as const;
          if (!context.strike({ ...fact, stream: 'downstream' })) return;
          const due = at + context.attributes.delay;
          yield until(due);
          yield* deliver({ bytes: Buffer.concat(copy), at: Math.min(due, context.now()) });
        },
      };
    }),
});
