/**
 * `http_lose_answer`: the request reaches the server and is applied there, its answer is awaited to the end and thrown
 * away, and then the connection is reset, closed, or left without a word. The client cannot tell this from a request
 * that never arrived (R1.5, D2).
 */

import { choice } from '../core/attributes.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { HttpDialogue } from '../protocols/http-dialogue.ts';
import { actOnAnswers, deliver, endBy } from './shared/http-answers.ts';
import { requestAttributes } from './shared/http-requests.ts';

export const httpLoseAnswer = defineToxic({
  type: 'http_lose_answer',
  summary: 'applied by the server, RST for the client',
  attributes: { action: choice(['reset', 'close', 'hang']), ...requestAttributes },
  startBoth: (context) =>
    actOnAnswers(context, new HttpDialogue(context), ({ head }, hang) => {
      const { action } = context.attributes;
      let lost: boolean | undefined;
      return {
        get lossy() {
          return lost === true;
        },
        *part(part) {
          const { bytes, offset, kind, ends, framing } = part;
          const fact = { reason: `answer ${head.status} lost`, bytes: bytes.length, offset } as const;
          lost ??= context.strike({ ...fact, delivered: false, stream: 'downstream' });
          if (!lost) yield* deliver(part);
          else if (ends || kind === 'opaque' || framing?.kind === 'tunnel')
            yield* endBy(action, () => hang('between'));
        },
      };
    }),
});
