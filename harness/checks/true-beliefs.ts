/**
 * Whether what a program believes of its connections is true, both ways: a connection believed open that carries nothing
 * (false positive), one believed shut that would have carried something (false negative) (R4.2).
 */
import * as z from 'zod';
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fieldName, matcher } from './params.ts';

/** Parameters of {@link trueBeliefs}. */
export interface TrueBeliefsParams {
  /** One entry for each belief, made at the moment when `id` and `witness` were sent. */
  readonly samples: Matcher;
  /** The field with the belief. */
  readonly belief: string;
  /** Beliefs that say: it carries. They are false when the program's own message `id` did not arrive. */
  readonly open: readonly string[];
  /**
   * Beliefs that say: it does not carry. They are false when the message `witness` arrived, which somebody else sent
   * over the same path. Any other belief commits itself to nothing.
   */
  readonly shut: readonly string[];
  /** What arrived, with its `id`. */
  readonly received: Matcher;
}

/** Passes when no belief was wrong. */
export const trueBeliefs = defineCheck<TrueBeliefsParams>(
  'trueBeliefs',
  {
    samples: matcher,
    belief: fieldName,
    open: z.array(z.string()),
    shut: z.array(z.string()),
    received: matcher,
  },
  { samples: ['belief'], received: [] },
  (entries, params) => {
    const { belief, open, shut } = params;
    const expected = 'no false positive, no false negative';
    const samples = select(entries, params.samples);
    if (samples.length === 0) return nothingToJudge(expected, 'no belief was sampled');
    const arrived = new Set(select(entries, params.received).map((entry) => valueAt(entry, 'id')));
    const falsePositives = samples.filter(
      (entry) => open.includes(String(valueAt(entry, belief))) && !arrived.has(valueAt(entry, 'id')),
    );
    const falseNegatives = samples.filter(
      (entry) =>
        shut.includes(String(valueAt(entry, belief))) && arrived.has(valueAt(entry, 'witness') ?? null),
    );
    const wrong = [...falsePositives, ...falseNegatives];
    const measured = `${falsePositives.length} false positives, ${falseNegatives.length} false negatives in ${samples.length}`;
    const evidence = wrong.length > 0 ? wrong : samples;
    return finding(wrong.length === 0, measured, expected, evidence, wrong.length / samples.length);
  },
);
