/**
 * `lifetime`: ends a connection `after` ms from when it was connected through, or from when the toxic was added to an
 * open one, whatever is sent meanwhile: a cap on the age of connections, as load balancers have it. `timeout` counts
 * from the last chunk, `reset_idle` from the last byte; both never end a busy connection (Shopify/toxiproxy#195).
 */

import { duration } from '../core/attributes.ts';
import { until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { ending, endingAttributes } from './shared/endings.ts';

export const lifetime = defineToxic({
  type: 'lifetime',
  summary: 'ended or forgotten at an age, however busy',
  attributes: { after: { ...duration({ min: 1 }), initial: 1_000 }, ...endingAttributes },
  start: (context) => {
    const began = context.now();
    return {
      *meanwhile() {
        const { after, action } = context.attributes;
        yield until(began + after);
        const reason = `${action} at the age of ${after} ms`;
        if (context.strike({ reason, bytes: 0, delivered: false })) yield ending(context.attributes);
      },
    };
  },
});
