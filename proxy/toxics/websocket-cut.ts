/**
 * `websocket_cut`: at its moment the connection ends without a close frame (code 1006 for the application): by FIN to
 * both, by RST, or by FIN in the toxic's direction alone, so that the other one lives on. With `bytes` it ends inside
 * the next frame, of which so many bytes pass, at most all.
 */

import { byteCount, choice } from '../core/attributes.ts';
import type { Stream } from '../core/events.ts';
import { close, passEnd, type Step, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { atMoment, momentAttributes } from './shared/websocket-moment.ts';

export const wsCut = defineToxic({
  type: 'websocket_cut',
  summary: 'the end without a close frame',
  attributes: {
    action: choice(['close', 'reset', 'half_close']),
    bytes: byteCount({ min: 0 }),
    ...momentAttributes,
  },
  startBoth: (context) => {
    /** Bytes of a frame that may still pass, in directions whose moment has come. */
    const left = new Map<Stream, number>();
    const halfClosed = new Set<Stream>();

    function* end(stream: Stream, offset: number): Generator<Step> {
      left.delete(stream);
      const { action } = context.attributes;
      const reason = `${action} without a close frame`;
      if (!context.strike({ reason, stream, offset, bytes: 0, delivered: false })) return;
      if (action !== 'half_close') return yield close(action === 'close' ? 'fin' : 'reset');
      halfClosed.add(stream);
      yield passEnd;
    }
    return atMoment(context, {
      *act(stream, offset) {
        const { bytes } = context.attributes;
        if (bytes > 0) left.set(stream, bytes);
        else yield* end(stream, offset);
      },
      *piece({ bytes, at, offset, ends }, stream) {
        if (halfClosed.has(stream)) return;
        const may = left.get(stream);
        if (may === undefined) return yield send(bytes, at);

        const passed = bytes.subarray(0, may);
        yield send(passed, at);
        left.set(stream, may - passed.length);
        if (!ends && passed.length < may) return;
        yield* end(stream, offset + passed.length);
        if (!halfClosed.has(stream) && passed.length < bytes.length)
          yield send(bytes.subarray(passed.length), at);
      },
      *lifted() {
        if (halfClosed.size > 0) yield close('reset');
      },
    });
  },
});
