/**
 * `stall`: nothing is read any more in its direction, like a peer that does not read: back-pressure builds up until
 * the sender's writes no longer go through. Lifting it lets everything go on; no byte is lost.
 */
import { type Item, pass, type Step, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

export const stall = defineToxic({
  type: 'stall',
  summary: 'one direction is not read any more',
  attributes: {},
  start: (context) => {
    function* hold(item: Item): Generator<Step> {
      const bytes = item.kind === 'chunk' ? item.bytes.length : 0;
      const held = context.strikeOnce({ reason: 'no longer read', bytes, delivered: false });
      if (held) yield until(Number.POSITIVE_INFINITY);
      yield pass(item);
    }
    return {
      onUpdate: 'restart',
      chunk: hold,
      end: () => hold({ kind: 'end' }),
      reset: () => hold({ kind: 'reset' }),
    };
  },
});
