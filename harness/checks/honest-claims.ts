/**
 * Whether what a program reported as done was done: the silent failures of a send (R4.1), counted at the receiver.
 */
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fieldName, matcher } from './params.ts';

/** Parameters of {@link honestClaims}. */
export interface HonestClaimsParams {
  /** Claims of success. */
  readonly claims: Matcher;
  /** What the receiver really got. */
  readonly received: Matcher;
  /** The field that both carry. */
  readonly key: string;
  /** Claims of definite failure; none of these may have been received. */
  readonly denials?: Matcher;
  /** Any claim at all, successful or not: without one there is nothing to judge. */
  readonly given: Matcher;
}

/** Passes when every claim of success was received and no claim of definite failure was. */
export const honestClaims = defineCheck<HonestClaimsParams>(
  'honest-claims',
  { claims: matcher, received: matcher, key: fieldName, denials: matcher.optional(), given: matcher },
  { claims: ['key'], denials: ['key'], received: ['key'], given: [] },
  (entries, params) => {
    const expected = '0 % silent failures, 0 denied effects';
    const all = select(entries, params.given);
    if (all.length === 0) return nothingToJudge(expected, 'nothing was claimed');
    const received = new Set(select(entries, params.received).map((entry) => valueAt(entry, params.key)));
    const claims = select(entries, params.claims);
    const silent = claims.filter((entry) => !received.has(valueAt(entry, params.key)));
    const denied = params.denials
      ? select(entries, params.denials).filter((entry) => received.has(valueAt(entry, params.key)))
      : [];
    const share = claims.length === 0 ? 0 : silent.length / claims.length;
    const measured = `${figure(share, '%')} silent failures (${silent.length} of ${claims.length} claims), ${denied.length} denied effects`;
    const wrong = [...silent, ...denied];
    return finding(wrong.length === 0, measured, expected, wrong.length > 0 ? wrong : all, share);
  },
);
