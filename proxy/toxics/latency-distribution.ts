/**
 * `latency_distribution`: each chunk leaves a drawn time after it arrived, as `latency` does, but by a distribution:
 * delays of real networks have long tails, come in waves, and follow one another. `correlation` keeps that share of a
 * draw in the next one, as tc-netem(8) does; the distribution stays what it is. `trace` plays recorded delays over and
 * over, one for each chunk of a connection, from the first.
 *
 * Delays overlap, so throughput is not limited; order is kept, so a short delay behind a long one waits.
 */
import { invalidAttribute } from '../core/api-error.ts';
import { choice, decimal, duration, durationList, fraction } from '../core/attributes.ts';
import { pass, send, until } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { delayAt, distributions } from './shared/delay-distribution.ts';
import { correlatedNormal } from './shared/normal.ts';

export const latencyDistribution = defineToxic({
  type: 'latency_distribution',
  summary: 'delays that are normal, log-normal, Pareto, a wave, a trace',
  attributes: {
    distribution: choice(distributions),
    mean: duration({ min: 0 }),
    deviation: duration({ min: 0 }),
    shape: decimal({ initial: 3, min: 1.01, max: 1_000 }),
    period: { ...duration({ min: 1 }), initial: 1_000 },
    correlation: fraction(0),
    max: duration({ min: 0 }),
    trace: durationList({ max: 100_000 }),
  },
  check({ distribution, trace }) {
    if (distribution === 'trace' && trace.length === 0)
      throw invalidAttribute('trace', 'at least one delay', 0);
  },
  queueChunks: 1_024,
  start: (context) => {
    const began = context.now();
    const draw = correlatedNormal(context.random);
    let index = 0;

    const nextDelay = (arrivedAt: number): number => {
      const { attributes } = context;
      const normal = draw(attributes.correlation);
      const delay = delayAt(attributes, { normal, elapsedMs: arrivedAt - began, index });
      index += 1;
      return attributes.max > 0 ? Math.min(delay, attributes.max) : delay;
    };
    return {
      *chunk(chunk) {
        const delayMs = nextDelay(chunk.at);
        const reason = `delayed by ${Math.round(delayMs)} ms (${context.attributes.distribution})`;
        const touched = { reason, bytes: chunk.bytes.length, delivered: true };
        if (delayMs === 0 || !context.strikeOnce(touched)) return yield pass(chunk);

        yield until(chunk.at + delayMs);
        yield send(chunk.bytes, Math.min(chunk.at + delayMs, context.now()));
      },
    };
  },
});
