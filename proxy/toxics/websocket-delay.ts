/**
 * `websocket_delay`: messages of an `opcode` are handed on `delay` ms after they arrived, and what comes after them in
 * that direction not before them. Delays overlap.
 */

import { duration } from '../core/attributes.ts';
import { send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import {
  actsOn,
  byFrame,
  frameFact,
  MessagePicker,
  messageAttributes,
  messageName,
} from './shared/websocket-frames.ts';

export const wsDelay = defineToxic({
  type: 'websocket_delay',
  summary: 'messages come late',
  attributes: { delay: duration({ min: 0 }), ...messageAttributes },
  queueChunks: 1_024,
  startBoth: (context) =>
    byFrame(context, ({ stream }) => {
      if (!actsOn(context, stream)) return {};
      const delayed = new MessagePicker(context, (piece) => {
        const { delay } = context.attributes;
        const reason = `${messageName(piece.frame)} delayed by ${delay} ms`;
        return delay > 0 && context.strike(frameFact(reason, stream, true, piece));
      });
      return {
        *piece(piece) {
          if (!delayed.picks(piece)) return yield send(piece.bytes, piece.at);
          const due = piece.at + context.attributes.delay;
          yield until(due);
          yield send(piece.bytes, Math.min(due, context.now()));
        },
      };
    }),
});
