/**
 * `packet_loss`: what a lossy network does to a byte stream. TCP hides loss: a lost segment comes later, and what was
 * sent after it has to wait. Each chunk is lost with the probability `loss_rate`, behind a lost one with `loss_rate` +
 * `correlation`. It is sent again after `rto` ms, and if that is lost too, by `loss_rate`, after twice as long, and so
 * on up to 120 s, as RFC 6298 has it. After 15 times TCP gives up: the chunk never comes.
 *
 * Attributes and defaults are those of newer Toxiproxy servers (Shopify/toxiproxy#739), which drop the chunk for good.
 * No TCP connection does that, so here nothing is lost; `rto` is ours, with the least that Linux waits.
 */

import { duration, fraction } from '../core/attributes.ts';
import { pass, send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';

const longestRtoMs = 120_000;
/** Linux' net.ipv4.tcp_retries2. */
const mostRetries = 15;

export const packetLoss = defineToxic({
  type: 'packet_loss',
  summary: 'what TCP makes of lost packets: late data, never missing',
  attributes: {
    loss_rate: fraction(0.1),
    correlation: fraction(0),
    rto: { ...duration({ min: 1, max: longestRtoMs }), initial: 200 },
  },
  queueChunks: 1_024,
  start: (context) => {
    let lostBefore = false;

    /** How late the next chunk comes, ms. */
    const nextDelay = (): number => {
      const { loss_rate, correlation, rto } = context.attributes;
      lostBefore = context.random.next() < loss_rate + (lostBefore ? correlation : 0);
      if (!lostBefore) return 0;
      let delayMs = rto;
      for (let retry = 1; context.random.next() < loss_rate; retry += 1) {
        if (retry === mostRetries) return Number.POSITIVE_INFINITY;
        delayMs += Math.min(rto * 2 ** retry, longestRtoMs);
      }
      return delayMs;
    };
    return {
      *chunk(chunk) {
        const delayMs = nextDelay();
        const delivered = delayMs < Number.POSITIVE_INFINITY;
        const reason = delivered ? `lost, sent again after ${delayMs} ms` : 'lost for good';
        if (delayMs === 0 || !context.strike({ reason, bytes: chunk.bytes.length, delivered })) {
          return yield pass(chunk);
        }
        yield until(chunk.at + delayMs);
        yield send(chunk.bytes, Math.min(chunk.at + delayMs, context.now()));
      },
    };
  },
});
