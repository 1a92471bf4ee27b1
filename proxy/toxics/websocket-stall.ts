/**
 * `websocket_stall`: from its moment on nothing is read any more in the toxic's direction, as by a peer that does not
 * read: the sender's buffers fill. Lifting it lets everything go on; no byte is lost.
 */

import type { Stream } from '../core/events.ts';
import { send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { frameFact } from './shared/websocket-frames.ts';
import { atMoment, momentAttributes } from './shared/websocket-moment.ts';

export const wsStall = defineToxic({
  type: 'websocket_stall',
  summary: 'nothing is read any more',
  attributes: momentAttributes,
  startBoth: (context) => {
    const stalled = new Set<Stream>();
    return atMoment(context, {
      // biome-ignore lint/correctness/useYield: it acts on what comes next
      *act(stream) {
        stalled.add(stream);
      },
      *piece(piece, stream) {
        const fact = frameFact('no longer read', stream, false, piece);
        if (stalled.has(stream) && context.strikeOnce(fact)) yield until(Number.POSITIVE_INFINITY);
        yield send(piece.bytes, piece.at);
      },
    });
  },
});
