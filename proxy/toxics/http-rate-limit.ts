/**
 * `http_rate_limit`: of the requests that fit, `requests` pass in each `window` ms, over all connections of the proxy;
 * the others are answered here, with 429 unless told otherwise, and the server does not see them. A window begins with
 * the first request after the one before it, as in limiters that count in fixed windows. Those that are refused do not
 * count.
 *
 * `retry_after` is `window` unless told otherwise: whole seconds until the window ends, rounded up.
 */

import { duration, integer, text } from '../core/attributes.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { answerInstead } from './shared/http-answer-instead.ts';
import { answerAttributes, checkAnswer } from './shared/http-own-answer.ts';
import { isWanted, requestAttributes } from './shared/http-requests.ts';

/** The window that all connections share. */
interface Window {
  /** Epoch ms. */
  beganAt: number;
  passed: number;
}

export const httpRateLimit = defineToxic({
  type: 'http_rate_limit',
  summary: '429 above so many requests in a time',
  attributes: {
    requests: { ...integer({ min: 0 }), initial: 10 },
    window: { ...duration({ min: 1 }), initial: 1_000 },
    ...answerAttributes,
    status: { ...answerAttributes.status, initial: 429 },
    retry_after: text({ initial: 'window' }),
    ...requestAttributes,
  },
  check: checkAnswer,
  startBoth: (context) => {
    const current = context.shared((): Window => ({ beganAt: Number.NEGATIVE_INFINITY, passed: 0 }));

    return answerInstead(context, (request) => {
      if (!isWanted(context, request)) return undefined;
      const { attributes } = context;
      const { requests, window } = attributes;
      const now = context.now();
      if (now >= current.beganAt + window) Object.assign(current, { beganAt: now, passed: 0 });
      if (current.passed < requests) {
        current.passed += 1;
        return undefined;
      }
      const restMs = current.beganAt + window - now;
      const retry_after =
        attributes.retry_after === 'window' ? String(Math.ceil(restMs / 1_000)) : attributes.retry_after;
      return {
        reason: `answered ${attributes.status} above ${requests} requests in ${window} ms`,
        answer: { ...attributes, retry_after },
      };
    });
  },
});
