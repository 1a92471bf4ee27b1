/**
 * `reset_peer`: waits for the first chunk or FIN of its direction, drops it, and `timeout` ms later resets both ends.
 * An idle connection is left alone; `reset_idle` is for those.
 */
import { close, type Item, pass, type Step, until } from '../plane/steps.ts';
import { integer } from './attributes.ts';
import { defineToxic } from './contract.ts';

export const resetPeer = defineToxic({
  type: 'reset_peer',
  attributes: { timeout: integer() },
  start: (context) => {
    function* reset(item: Item): Generator<Step> {
      const bytes = item.kind === 'chunk' ? item.bytes.length : 0;
      if (!context.strikeOnce({ reason: 'reset', bytes, delivered: false })) return yield pass(item);
      yield until(context.now() + context.attributes.timeout);
      yield close('reset');
    }
    return { onUpdate: 'restart', chunk: reset, end: () => reset({ kind: 'end' }) };
  },
});
