/**
 * Toxics that delay, pace, cut and hold bytes, but lose none, with values at random: what they do must not show in what
 * arrives. The values are such that bytes still come through at a fair rate.
 */
import fc from '../support/fast-check.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** What an update of a toxic may change. */
export interface HarmlessChange {
  readonly attributes: Attributes;
  readonly toxicity: number;
  readonly only: object;
}

/** A toxic as a client sends it, but for its name. */
export interface HarmlessToxic extends HarmlessChange {
  readonly type: string;
  readonly stream: string;
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const share = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);
/** Small ones as often as large ones. */
const spread = (max: number): fc.Arbitrary<number> => share.map((draw) => Math.floor(max ** draw));

/** For each type, values at random. Protocol toxics find no message of theirs in these bytes. */
const attributesOf: Readonly<Record<string, fc.Arbitrary<Attributes>>> = {
  latency: fc.record({ latency: spread(400), jitter: fc.oneof(fc.constant(0), spread(200)) }),
  latency_distribution: fc.record({
    distribution: fc.constantFrom('constant', 'uniform', 'normal', 'lognormal', 'pareto', 'sine', 'square'),
    mean: upTo(80),
    deviation: upTo(80),
    correlation: share,
    max: upTo(400, 1),
  }),
  network_profile: fc.record({ profile: fc.constantFrom('lte', 'transatlantic', 'hotel_wifi') }),
  packet_loss: fc.record({ loss_rate: share.map((draw) => draw / 10), rto: upTo(50, 1) }),
  bandwidth: fc.record({ rate: upTo(20_000, 500) }),
  bandwidth_shared: fc.record({ rate: upTo(50_000, 5_000) }),
  slicer: fc
    .record({ average_size: upTo(20_000, 500), variation: share, delay: spread(1_000) })
    .map(({ average_size, variation, delay }) => ({
      average_size,
      size_variation: Math.floor(average_size * variation),
      delay: delay - 1,
    })),
  slow_close: fc.record({ delay: spread(2_000) }),
  noop: fc.constant({}),
  stall: fc.constant({}),
  limit_data: fc.constant({ bytes: 10 ** 15 }),
  reset_idle: fc.constant({ after: 10 ** 9 }),
  reset_after: fc.record({ bytes: fc.constant(16 * 1024 * 1024), pass: fc.boolean() }),
  lifetime: fc.constant({ after: 10 ** 9 }),
  cut: fc.record({ bytes: upTo(1_000_000), action: fc.constant('stall') }),
  http_delay: fc.record({ delay: upTo(100) }),
  websocket_delay: fc.record({ delay: upTo(100) }),
};

const only = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  fc.record({ share }),
  fc.record({ every: upTo(4, 1) }),
  fc.record({ first: upTo(50, 1) }),
  fc.record({ nth: fc.tuple(fc.constant(1), upTo(20, 2)) }),
  fc.record({ strikes: upTo(50) }),
  fc.record({ from_bytes: spread(1_000_000) }),
  fc.record({ after_ms: spread(5_000), for_ms: spread(5_000) }),
);
const toxicity = fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, share);

/** Values for a toxic of that type, and which connections it meets. */
export function harmlessChange(type: string): fc.Arbitrary<HarmlessChange> {
  return fc.record({ attributes: attributesOf[type] ?? fc.constant({}), toxicity, only });
}

/** Those that make the sender wait are where order is at risk: they come more often. */
const holding = ['stall', 'bandwidth', 'slicer', 'stall', 'bandwidth', 'slicer', 'bandwidth', 'slicer'];

/** A toxic of any of the types. */
export const harmlessToxic: fc.Arbitrary<HarmlessToxic> = fc
  .constantFrom(...Object.keys(attributesOf), ...holding)
  .chain((type) =>
    fc
      .tuple(harmlessChange(type), fc.constantFrom('upstream', 'downstream', 'both'))
      .map(([change, stream]) => ({ type, stream, ...change })),
  );
