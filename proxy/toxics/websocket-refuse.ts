/**
 * `websocket_refuse`: answers a request for the upgrade itself, with a status and a body, and closes; the server does
 * not see the request. Each request for an upgrade is an occasion.
 */

import { invalidAttribute } from '../core/api-error.ts';
import { integer, text } from '../core/attributes.ts';
import { STATUS_CODES } from '../core/node-http.ts';
import { close, reply, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { isDue, occasionAttributes } from './shared/occasions.ts';
import { byFrame } from './shared/websocket-frames.ts';

export const wsRefuse = defineToxic({
  type: 'websocket_refuse',
  summary: 'the upgrade is refused',
  attributes: {
    status: { ...integer({ min: 200, max: 599 }), initial: 503 },
    body: text({ max: 16_384 }),
    /** As it stands in the header: seconds or a date. */
    retry_after: text({ max: 256 }),
    ...occasionAttributes,
  },
  check({ retry_after }) {
    if (/[^\x20-\x7e]/.test(retry_after))
      throw invalidAttribute('retry_after', 'one line of ASCII', retry_after);
  },
  startBoth: (context) =>
    byFrame(context, ({ stream }) => ({
      *request({ bytes, at, offset }) {
        const reason = `upgrade refused with ${context.attributes.status}`;
        const fact = { reason, stream, bytes: bytes.length, offset, delivered: false };
        if (!isDue(context) || !context.strike(fact)) return yield send(bytes, at);
        yield reply(answer(context.attributes));
        yield close('fin');
      },
    })),
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retry_after: string;
}

function answer({ status, body, retry_after }: Answer): Buffer {
  const content = Buffer.from(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${content.length}`,
    ...(retry_after === '' ? [] : [`Retry-After: ${retry_after}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content]);
}
