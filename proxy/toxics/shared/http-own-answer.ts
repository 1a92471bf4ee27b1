/** The answers that the proxy gives in a server's place (RFC 9110, section 15). */

import { invalidAttribute } from '../../core/api-error.ts';
import { flag, integer, text } from '../../core/attributes.ts';
import { STATUS_CODES } from '../../core/node-http.ts';
import { hasNoContent } from '../../protocols/http-framing.ts';
import type { HttpRequestHead } from '../../protocols/http-head.ts';
import { checkFields, fieldValue, httpDate, linesOf } from './http-fields.ts';

/** Attributes of an answer. */
export const answerAttributes = {
  status: { ...integer({ min: 200, max: 999 }), initial: 503 },
  body: text({ max: 65_536 }),
  /**
   * The value of the field `Retry-After`, sensible or not: `120`, `-1`, `99999999999`, `soon`. `date+120` and `date-120`
   * stand for the HTTP date so many seconds from now. Empty leaves the field out.
   */
  retry_after: text(),
  /** Further fields, as `Name: value`, one a line. */
  fields: text({ max: 8_192 }),
  /** It is given as soon as the head of the request is there. */
  at_once: flag(),
  /** It says that the connection ends, which then happens. */
  close: flag(),
};

/** The values of these attributes. */
export interface AnswerValues {
  readonly status: number;
  readonly body: string;
  readonly retry_after: string;
  readonly fields: string;
  readonly at_once: boolean;
  readonly close: boolean;
}

/** Throws an `ApiError` for what could not stand in a head. */
export function checkAnswer({ retry_after, fields }: AnswerValues): void {
  if (/[^\x20-\x7e]/.test(retry_after))
    throw invalidAttribute('retry_after', 'one line of ASCII', retry_after);
  checkFields(fields);
}

/** The bytes of an answer to `request` at `now`, epoch ms. */
export function makeAnswer(
  { status, body, retry_after, fields }: AnswerValues,
  { method }: HttpRequestHead,
  { now, closes }: { readonly now: number; readonly closes: boolean },
): Buffer {
  const content = Buffer.from(hasNoContent(status) ? '' : body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Date: ${httpDate(now)}`,
    ...(hasNoContent(status) ? [] : [`Content-Length: ${content.length}`]),
    ...(retry_after === '' ? [] : [`Retry-After: ${fieldValue(retry_after, now)}`]),
    ...linesOf(fields),
    ...(closes ? ['Connection: close'] : []),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  return method === 'HEAD' ? head : Buffer.concat([head, content]);
}
