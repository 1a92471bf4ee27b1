/** `slow_close`: data passes untouched; the sender's FIN is handed on `delay` ms late, the other direction lives on. */

import { duration } from '../core/attributes.ts';
import { passEnd, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

export const slowClose = defineToxic({
  type: 'slow_close',
  summary: 'the FIN is handed on late',
  attributes: { delay: duration() },
  start: (context) => ({
    onUpdate: 'restart',
    *end() {
      const { delay } = context.attributes;
      const touched = { reason: `close delayed by ${delay} ms`, bytes: 0, delivered: true };
      if (delay > 0 && context.strikeOnce(touched)) yield until(context.now() + delay);
      yield passEnd;
    },
  }),
});
