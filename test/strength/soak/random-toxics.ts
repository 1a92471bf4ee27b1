/**
 * Random toxics that delay, pace, cut and hold bytes, but lose none: what they do must not show in what arrives. Their
 * values are such that each exchange still comes to its end in time.
 */
import type { Random } from '../../../harness/random.ts';
import { below, between, spread } from './plan.ts';

type Attributes = Readonly<Record<string, number | string | boolean>>;

/** For each type, values at random. */
const attributesOf: Readonly<Record<string, (random: Random) => Attributes>> = {
  latency: (random) => ({
    latency: spread(random, 400),
    jitter: random.next() < 0.5 ? spread(random, 200) : 0,
  }),
  bandwidth: (random) => ({ rate: between(random, 500, 20_000) }),
  slicer: (random) => {
    const average_size = between(random, 500, 20_000);
    return { average_size, size_variation: below(random, average_size), delay: spread(random, 1_000) - 1 };
  },
  slow_close: (random) => ({ delay: spread(random, 2_000) }),
  noop: () => ({}),
  stall: () => ({}),
  limit_data: () => ({ bytes: 10 ** 15 }),
  reset_idle: () => ({ after: 10 ** 9 }),
  reset_after: (random) => ({ bytes: 16 * 1024 * 1024, pass: random.next() < 0.9 }),
};
const TYPES = Object.keys(attributesOf);
const STREAMS = ['upstream', 'downstream', 'both'] as const;

/** A toxic as a client sends it. */
export interface RandomToxic {
  readonly type: string;
  readonly name: string;
  readonly stream: string;
  readonly toxicity: number;
  readonly only: object;
  readonly attributes: Attributes;
}

/** Draws a toxic of that name. */
export function drawToxic(random: Random, name: string): RandomToxic {
  const type = TYPES[below(random, TYPES.length)] ?? 'noop';
  return {
    type,
    name,
    stream: STREAMS[below(random, STREAMS.length)] ?? 'both',
    attributes: drawAttributes(random, type),
    ...drawReach(random),
  };
}

/** Draws new values for a toxic of that type. */
export function drawChange(
  random: Random,
  type: string,
): Pick<RandomToxic, 'toxicity' | 'only' | 'attributes'> {
  return { attributes: drawAttributes(random, type), ...drawReach(random) };
}

function drawAttributes(random: Random, type: string): Attributes {
  return attributesOf[type]?.(random) ?? {};
}

/** Which connections it meets, and when: often all of them, else some by each of the ways there are. */
function drawReach(random: Random): Pick<RandomToxic, 'toxicity' | 'only'> {
  const toxicity = random.next() < 0.7 ? 1 : random.next();
  const selectors: readonly object[] = [
    {},
    {},
    {},
    { share: random.next() },
    { every: between(random, 1, 4) },
    { first: between(random, 1, 50) },
    { nth: [1, 2, between(random, 3, 20)] },
    { strikes: between(random, 0, 50) },
    { from_bytes: spread(random, 1_000_000) },
    { after_ms: spread(random, 5_000), for_ms: spread(random, 5_000) },
  ];
  return { toxicity, only: selectors[below(random, selectors.length)] ?? {} };
}
