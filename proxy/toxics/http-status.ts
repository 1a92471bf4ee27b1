/**
 * `http_status`: answers in the server's place, which never sees the request. `shared/http-own-answer.ts` has the
 * attributes of the answer, `shared/http-answer-instead.ts` says when it is given.
 */

import { defineToxic } from '../core/toxic-type.ts';
import { answerInstead } from './shared/http-answer-instead.ts';
import { answerAttributes, checkAnswer } from './shared/http-own-answer.ts';
import { isWanted, requestAttributes } from './shared/http-requests.ts';

export const httpStatus = defineToxic({
  type: 'http_status',
  summary: 'the proxy answers in the place of the server',
  attributes: { ...answerAttributes, ...requestAttributes },
  check: checkAnswer,
  startBoth: (context) =>
    answerInstead(context, (request) => {
      const { attributes } = context;
      if (!isWanted(context, request)) return undefined;
      return { reason: `answered ${attributes.status}`, answer: attributes };
    }),
});
