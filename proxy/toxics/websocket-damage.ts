/**
 * `websocket_damage`: in place of a message, bytes that break RFC 6455 in one way; the receiver has to fail the
 * connection, with 1002, 1007 or 1009 in its close frame. Nothing is damaged between the fragments of a message, where
 * some of these would be legal. Compressed messages are replaced too; what replaces them is not compressed.
 */

import { byteCount, choice } from '../core/attributes.ts';
import type { Stream } from '../core/events.ts';
import { close, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { anyMaskKey, opcode, writeFrame, writeHeader } from '../protocols/websocket-frames.ts';
import { actsOn, byFrame, frameFact, MessagePicker, messageAttributes } from './shared/websocket-frames.ts';

/** Ways to break the protocol. */
export const damageKinds = [
  'reserved_bits',
  'bad_opcode',
  'invalid_utf8',
  'oversized',
  'wrong_mask',
  'stray_continuation',
  'interleaved_message',
  'fragmented_control',
  'long_control',
  'bad_close_code',
  'short_close',
] as const;

export const wsDamage = defineToxic({
  type: 'websocket_damage',
  summary: 'frames that break the protocol',
  attributes: {
    kind: choice(damageKinds),
    declared_bytes: { ...byteCount({ min: 0 }), initial: 2 ** 40 },
    ...messageAttributes,
  },
  startBoth: (context) =>
    byFrame(context, ({ stream }) => {
      if (!actsOn(context, stream)) return {};
      const replaced = new MessagePicker(context, (piece) => {
        const { kind } = context.attributes;
        return !piece.frame.interleaved && context.strike(frameFact(kind, stream, false, piece));
      });
      return {
        *piece(piece) {
          const before = replaced.underWay;
          if (!replaced.picks(piece)) return yield send(piece.bytes, piece.at);
          const { kind, declared_bytes } = context.attributes;
          if (!before) yield send(damaged(kind, declared_bytes, stream), piece.at);
        },
        *lifted() {
          if (replaced.underWay) yield close('reset');
        },
      };
    }),
});

const closeCodeNotOnTheWire = Buffer.from([1_005 >> 8, 1_005 & 0xff]);

function damaged(kind: (typeof damageKinds)[number], declaredBytes: number, stream: Stream): Buffer {
  const maskKey = stream === 'upstream' ? anyMaskKey : undefined;
  const frame = (code: number, payload: Buffer | string, header: { fin?: boolean; reserved?: number } = {}) =>
    writeFrame(code, Buffer.from(payload), { ...header, ...(maskKey && { maskKey }) });

  switch (kind) {
    case 'reserved_bits':
      return frame(opcode.text, 'x', { reserved: 3 });
    case 'bad_opcode':
      return frame(3, 'x');
    case 'invalid_utf8':
      return frame(opcode.text, Buffer.from([0x78, 0xff]));
    case 'oversized':
      return writeHeader({ fin: true, reserved: 0, opcode: opcode.binary, maskKey, length: declaredBytes });
    case 'wrong_mask':
      return writeFrame(opcode.text, Buffer.from('x'), maskKey ? {} : { maskKey: anyMaskKey });
    case 'stray_continuation':
      return frame(opcode.continuation, 'x');
    case 'interleaved_message':
      return Buffer.concat([frame(opcode.text, 'x', { fin: false }), frame(opcode.text, 'x')]);
    case 'fragmented_control':
      return frame(opcode.ping, 'x', { fin: false });
    case 'long_control':
      return frame(opcode.ping, 'x'.repeat(126));
    case 'bad_close_code':
      return frame(opcode.close, closeCodeNotOnTheWire);
    case 'short_close':
      return frame(opcode.close, 'x');
  }
}
