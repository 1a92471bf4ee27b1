/**
 * `http2_stall`: the flow-control window of every stream stays at `window` bytes (RFC 9113, section 6.9): in the toxic's
 * direction so many bytes of DATA come, then nothing, while heads, PING and other connections go on. To the sender it
 * is a receiver that does not read: SETTINGS_INITIAL_WINDOW_SIZE is lowered, and WINDOW_UPDATE does not arrive.
 */

import { byteCount } from '../core/attributes.ts';
import { close, type Step, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import {
  frameFlag,
  frameHeaderBytes,
  frameType,
  largestWindow,
  windowUpdate,
} from '../protocols/http2-frames.ts';
import { withInitialWindow } from '../protocols/http2-settings.ts';
import { byHttp2, opposite, type PlacedPart, partFact } from './shared/http2-exchanges.ts';

const incrementBytes = 4;
/** The highest bit is reserved. */
const largestIncrement = largestWindow;

export const http2Stall = defineToxic({
  type: 'http2_stall',
  summary: 'a flow-control window that is not refilled',
  attributes: { window: byteCount({ min: 0, max: largestWindow }) },
  startBoth: (context) =>
    byHttp2(context, (_connection) => {
      /** What the receivers gave back to the streams, in bytes. */
      const withheld = { upstream: new Map<number, number>(), downstream: new Map<number, number>() };
      let lowered = false;

      const mayAct = (part: PlacedPart): boolean =>
        context.strikeOnce(partFact(`a window of ${context.attributes.window} bytes`, part, false));

      /** What is sent in place of a frame that opens the window; undefined leaves it. */
      function instead(part: PlacedPart): Buffer | undefined {
        if (part.kind !== 'frame' || ![opposite(part.stream), 'both'].includes(context.stream))
          return undefined;
        const { type, flags, streamId, length } = part.frame;
        if (type === frameType.settings && (flags & frameFlag.ack) === 0) {
          const changed = withInitialWindow(part.bytes, context.attributes.window);
          if (changed === undefined || !mayAct(part)) return undefined;
          lowered = true;
          return changed;
        }
        const opens = type === frameType.windowUpdate && streamId !== 0 && length === incrementBytes;
        const increment = opens ? part.bytes.readUInt32BE(frameHeaderBytes) & largestIncrement : 0;
        // One of another length, or of nothing, is an error of its sender's (section 6.9), which the other end has to see.
        if (increment === 0 || !mayAct(part)) return undefined;
        const given = withheld[part.stream];
        given.set(streamId, Math.min(largestWindow, (given.get(streamId) ?? 0) + increment));
        return Buffer.alloc(0);
      }
      return {
        *part(part) {
          const bytes = instead(part) ?? part.bytes;
          if (bytes.length > 0) yield send(bytes, part.at);
          if (part.exchange?.ended.size !== 2) return;
          for (const given of Object.values(withheld)) given.delete(part.exchange.id);
        },
        *owed(stream): Generator<Step> {
          if (lowered) return;
          for (const [streamId, bytes] of withheld[stream])
            yield send(windowUpdate(streamId, bytes), context.now());
        },
        *lifted(): Generator<Step> {
          if (lowered) yield close('reset');
        },
      };
    }),
});
