/**
 * `reset_idle`: a connection on which no byte moved for `after` ms, in either direction, is reset, closed with FIN, or
 * forgotten. Forgetting is what a NAT or a cloud proxy does (R4.2): nothing on the wire, and what either side sends
 * later vanishes, or with `forget_answer: reset` is answered by an RST to the sender.
 */

import { duration } from '../core/attributes.ts';
import { until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { ending, endingAttributes } from './shared/endings.ts';

export const resetIdle = defineToxic({
  type: 'reset_idle',
  summary: 'an idle connection is ended, or forgotten as by a NAT',
  attributes: { after: { ...duration({ min: 1 }), initial: 1_000 }, ...endingAttributes },
  start: (context) => ({
    *meanwhile() {
      const { after, action } = context.attributes;
      const due = (): number => context.lastActivityAt() + after;
      while (due() > context.now()) yield until(due());

      const reason = `${action} after ${after} ms without a byte`;
      if (context.strike({ reason, bytes: 0, delivered: false })) yield ending(context.attributes);
    },
  }),
});
