/**
 * `reset_peer`: waits for the first chunk or FIN of its direction, drops it, and `timeout` ms later resets both ends.
 * A connection on which nothing is sent is reset `timeout` ms after the toxic began there. With a `timeout` of 0 that
 * goes for connections that were open before; a new one gets to send, so that its request can reach the server.
 */

import { duration } from '../core/attributes.ts';
import { close, type Item, pass, type Step, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

export const resetPeer = defineToxic({
  type: 'reset_peer',
  summary: 'RST to both ends',
  attributes: { timeout: duration() },
  lingers: true,
  start: (context) => {
    const { resetNeedsTraffic, resetsByLinger } = context.quirks;
    const closing = close(resetsByLinger ? 'fin' : 'reset');

    function* reset(item: Item): Generator<Step> {
      const bytes = item.kind === 'chunk' ? item.bytes.length : 0;
      if (!context.strikeOnce({ reason: 'reset', bytes, delivered: false })) return yield pass(item);
      yield until(context.now() + context.attributes.timeout);
      yield closing;
    }
    return {
      onUpdate: 'restart',
      chunk: reset,
      end: () => reset({ kind: 'end' }),
      *idle() {
        const { timeout } = context.attributes;
        if (resetNeedsTraffic || (timeout <= 0 && !context.foundOpen)) return;
        yield until(context.now() + timeout);
        if (context.strikeOnce({ reason: 'reset while idle', bytes: 0, delivered: false })) yield closing;
      },
    };
  },
});
