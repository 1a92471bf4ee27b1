/**
 * `websocket_close`: at its moment a close frame goes out in the toxic's direction, with `code` and `reason`, or without
 * a code when that is 0 (RFC 6455, section 5.5.1). Nothing follows it in that direction. `ending` is what becomes of the
 * connection: `handshake` leaves it to the other side, which gets the answer and takes that for the beginning of a close;
 * `fin` and `reset` end it at once, when each direction of the toxic has its frame; `hold` swallows the answer and all
 * else, FIN and RST too, and keeps the connection open.
 */

import { invalidAttribute } from '../core/api-error.ts';
import { choice, integer, text } from '../core/attributes.ts';
import type { Stream } from '../core/events.ts';
import { close, pass, passEnd, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { anyMaskKey, opcode, writeFrame } from '../protocols/websocket-frames.ts';
import { atMoment, momentAttributes } from './shared/websocket-moment.ts';

/** A control frame has at most 125 bytes, two of them the code. */
const longestReason = 123;
/** Section 7.4.1: they stand for what was not said by a close frame. */
const neverSent = [1_005, 1_006, 1_015];

export const wsClose = defineToxic({
  type: 'websocket_close',
  summary: 'a close frame that nobody sent',
  attributes: {
    code: { ...integer({ min: 0, max: 4_999 }), initial: 1_001 },
    reason: text({ max: longestReason }),
    ending: choice(['handshake', 'fin', 'reset', 'hold']),
    ...momentAttributes,
  },
  check({ code, reason }) {
    if ((code !== 0 && code < 1_000) || neverSent.includes(code)) {
      throw invalidAttribute('code', '0, or a close code that may be sent', code);
    }
    if (code === 0 && reason !== '') throw invalidAttribute('reason', 'none without a code', reason);
    if (Buffer.byteLength(reason) > longestReason) {
      throw invalidAttribute('reason', `at most ${longestReason} bytes`, Buffer.byteLength(reason));
    }
  },
  startBoth: (context) => {
    const silent = new Set<Stream>();
    let directionsLeft = context.stream === 'both' ? 2 : 1;
    let held = false;
    return atMoment(context, {
      *act(stream, offset) {
        const { code, reason, ending } = context.attributes;
        directionsLeft -= 1;
        const what = `close frame ${code === 0 ? 'without a code' : code}`;
        if (context.strike({ reason: what, stream, offset, bytes: 0, delivered: true })) {
          const masking = stream === 'upstream' ? { maskKey: anyMaskKey } : {};
          yield send(writeFrame(opcode.close, closePayload(code, reason), masking), context.now());
          silent.add(stream);
          held = ending === 'hold';
        }
        if (held) silent.add('upstream').add('downstream');
        const done = directionsLeft === 0 && silent.size > 0;
        if (done && (ending === 'fin' || ending === 'reset')) yield close(ending);
      },
      *piece(piece, stream) {
        if (!silent.has(stream)) yield send(piece.bytes, piece.at);
      },
      *end() {
        if (!held) yield passEnd;
      },
      *reset() {
        if (!held) yield pass({ kind: 'reset' });
      },
      *lifted() {
        if (silent.size > 0) yield close('fin');
      },
    });
  },
});

function closePayload(code: number, reason: string): Buffer {
  if (code === 0) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
}
