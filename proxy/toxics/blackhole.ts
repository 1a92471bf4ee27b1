/**
 * `blackhole`: from now on everything of its direction is read and thrown away, FIN and RST too; neither end learns of
 * it. Lifting it resets the connections that lost something. With `only: { every: 1 }` it takes new connections alone.
 */
import { close, type Item, pass, type Step } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

export const blackhole = defineToxic({
  type: 'blackhole',
  summary: 'one direction vanishes, FIN and RST too',
  attributes: {},
  start: (context) => {
    let lost = false;
    function* swallow(item: Item): Generator<Step> {
      const bytes = item.kind === 'chunk' ? item.bytes.length : 0;
      if (!context.strikeOnce({ reason: 'dropped in silence', bytes, delivered: false }))
        return yield pass(item);
      lost = true;
    }
    return {
      chunk: swallow,
      end: () => swallow({ kind: 'end' }),
      reset: () => swallow({ kind: 'reset' }),
      *lifted() {
        if (lost) yield close('reset');
      },
    };
  },
});
