/**
 * `timeout`: drops all data of its direction, and closes the connection `timeout` ms after the last chunk seen there
 * (or after the toxic began). 0 never closes. Deleting it closes the connections it held, since bytes were lost,
 * and as Toxiproxy does also those on which nothing was sent; it leaves alone those for which it had no strike left.
 */

import { duration } from '../core/attributes.ts';
import { close, pass, passEnd, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

export const timeout = defineToxic({
  type: 'timeout',
  summary: 'data vanishes, then the connection is closed',
  attributes: { timeout: duration() },
  start: (context) => {
    let ended = false;
    return {
      *chunk(chunk) {
        const lost = { reason: 'data dropped', bytes: chunk.bytes.length, delivered: false };
        if (!context.strikeOnce(lost)) yield pass(chunk);
      },
      *end() {
        ended = true;
        yield passEnd;
      },
      *idle() {
        const { timeout } = context.attributes;
        if (timeout <= 0 || ended) return;
        yield until(context.now() + timeout);
        const timedOut = { reason: `closed after ${timeout} ms`, bytes: 0, delivered: false };
        if (context.strikeOnce(timedOut)) yield close('fin');
      },
      *lifted(how) {
        if (how === 'inactive') return;
        const closed = { reason: 'closed since the toxic was deleted', bytes: 0, delivered: false };
        if (context.strikeOnce(closed)) yield close('fin');
      },
    };
  },
});
