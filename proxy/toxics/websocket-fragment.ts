/**
 * `websocket_fragment`: splits each frame of a data message into `fragments` frames (RFC 6455, section 5.4), which is
 * legal and which receivers have to put together again; with more fragments than bytes some are empty. A frame is held
 * until it is complete; one of more than 1 MiB passes as it is.
 */

import { choice, integer } from '../core/attributes.ts';
import { send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { opcode, rotateMask, writeHeader } from '../protocols/websocket-frames.ts';
import {
  actsOn,
  byFrame,
  frameFact,
  MessagePicker,
  messageAttributes,
  messageName,
  type PlacedPiece,
} from './shared/websocket-frames.ts';

const largestFrame = 1024 * 1024;

export const wsFragment = defineToxic({
  type: 'websocket_fragment',
  summary: 'messages in fragments',
  attributes: {
    fragments: { ...integer({ min: 1, max: 1_000 }), initial: 2 },
    ...messageAttributes,
    opcode: choice(['any', 'text', 'binary']),
  },
  startBoth: (context) =>
    byFrame(context, ({ stream }) => {
      if (!actsOn(context, stream)) return {};
      const held: PlacedPiece[] = [];
      const picker = new MessagePicker(context, (piece) => {
        const { fragments } = context.attributes;
        const reason = `${messageName(piece.frame)} in ${fragments} fragments`;
        const can = piece.frame.opcode <= opcode.binary && piece.frame.length <= largestFrame;
        return can && fragments > 1 && context.strike(frameFact(reason, stream, true, piece));
      });
      return {
        *piece(piece) {
          const picked = picker.picks(piece) && piece.frame.length <= largestFrame;
          if (picked) held.push(piece);
          else yield send(piece.bytes, piece.at);
          if (!picked || !piece.ends) return;
          yield send(fragmented(held.splice(0), context.attributes.fragments), piece.at);
        },
        *release() {
          for (const piece of held.splice(0)) yield send(piece.bytes, piece.at);
        },
      };
    }),
});

/** One frame, given by its pieces, as several. */
function fragmented(pieces: readonly PlacedPiece[], fragments: number): Buffer {
  const frame = pieces[0]?.frame;
  if (frame === undefined) return Buffer.alloc(0);
  const payload = Buffer.concat(pieces.map(({ bytes }) => bytes)).subarray(frame.headerBytes);
  const startOf = (index: number): number => Math.floor((payload.length * index) / fragments);

  const parts = Array.from({ length: fragments }, (_, index) => {
    const first = index === 0;
    const part = payload.subarray(startOf(index), startOf(index + 1));
    const header = writeHeader({
      fin: frame.fin && index === fragments - 1,
      reserved: first ? frame.reserved : 0,
      opcode: first ? frame.opcode : opcode.continuation,
      maskKey: frame.maskKey && rotateMask(frame.maskKey, startOf(index)),
      length: part.length,
    });
    return [header, part];
  });
  return Buffer.concat(parts.flat());
}
