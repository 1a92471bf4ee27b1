/**
 * `websocket_drop`: messages of an `opcode` vanish, the connection lives on. Dropped pings or pongs make a live peer
 * look dead; a dropped close upstream is a close handshake that is never answered. With permessage-deflate and context
 * takeover, what follows a dropped message can no longer be inflated. Lifting it within a message resets the connection.
 */
import { close, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import {
  actsOn,
  byFrame,
  frameFact,
  MessagePicker,
  messageAttributes,
  messageName,
} from './shared/websocket-frames.ts';

export const wsDrop = defineToxic({
  type: 'websocket_drop',
  summary: 'messages vanish: pings, pongs, texts',
  attributes: messageAttributes,
  startBoth: (context) =>
    byFrame(context, ({ stream }) => {
      if (!actsOn(context, stream)) return {};
      const dropped = new MessagePicker(context, (piece) =>
        context.strike(frameFact(`${messageName(piece.frame)} dropped`, stream, false, piece)),
      );
      return {
        *piece(piece) {
          if (!dropped.picks(piece)) yield send(piece.bytes, piece.at);
        },
        *lifted() {
          if (dropped.underWay) yield close('reset');
        },
      };
    }),
});
