/**
 * `http2_late_ack`: the acknowledgement of a PING, or of SETTINGS (RFC 9113, sections 6.7 and 6.5.3), arrives `delay` ms
 * late in the toxic's direction, or never when that is 0; everything else overtakes it. A peer that watches its
 * connection by PING takes it for dead, while it works.
 */

import { choice, duration } from '../core/attributes.ts';
import type { Stream } from '../core/events.ts';
import { type Step, send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { frameFlag, frameType } from '../protocols/http2-frames.ts';
import { byHttp2, type PlacedPart, partFact } from './shared/http2-exchanges.ts';
import { isDue, occasionAttributes } from './shared/occasions.ts';

export const http2LateAck = defineToxic({
  type: 'http2_late_ack',
  summary: 'a PING, or SETTINGS, without an answer',
  attributes: { of: choice(['ping', 'settings']), delay: duration({ min: 0 }), ...occasionAttributes },
  startBoth: (context) =>
    byHttp2(context, (connection) => {
      const held: Record<Stream, { readonly bytes: Buffer; readonly at: number }[]> = {
        upstream: [],
        downstream: [],
      };

      function takes(part: PlacedPart): boolean {
        const { of, delay } = context.attributes;
        if (part.kind !== 'frame' || ![part.stream, 'both'].includes(context.stream)) return false;
        const acknowledges = part.frame.type === frameType[of] && (part.frame.flags & frameFlag.ack) !== 0;
        const how = delay > 0 ? `${delay} ms late` : 'withheld';
        return (
          acknowledges && isDue(context) && context.strike(partFact(`ACK of ${of} ${how}`, part, delay > 0))
        );
      }
      /** Those that are due by now. */
      function* release(stream: Stream): Generator<Step> {
        while ((held[stream][0]?.at ?? Number.POSITIVE_INFINITY) <= context.now()) {
          const ack = held[stream].shift();
          if (ack) yield* connection.put(stream, send(ack.bytes, context.now()));
        }
      }
      function* releaseAll(stream: Stream): Generator<Step> {
        for (const { bytes } of held[stream].splice(0)) yield send(bytes, context.now());
      }
      return {
        *part(part) {
          const { delay } = context.attributes;
          if (!takes(part)) yield send(part.bytes, part.at);
          else if (delay > 0) held[part.stream].push({ bytes: part.bytes, at: part.at + delay });
          yield* release(part.stream);
        },
        *idle(stream) {
          for (let [ack] = held[stream]; ack; [ack] = held[stream]) {
            yield until(ack.at);
            yield* release(stream);
            yield* connection.flush(stream);
          }
        },
        end: releaseAll,
        owed: releaseAll,
      };
    }),
});
