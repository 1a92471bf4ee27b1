/**
 * Whether each operation took effect exactly once: nothing lost, nothing applied twice (field issues D1, D2, F7).
 */
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fewest, fieldName, matcher } from './params.ts';

/** Parameters of {@link oneEffectEach}. */
export interface OneEffectParams {
  /** The effects, as the server counted them. */
  readonly effects: Matcher;
  /** The field that says which operation an effect belongs to. */
  readonly key: string;
  /** The operations that must each have an effect, with the same key; left out, only doubles are looked for. */
  readonly operations?: Matcher;
  /** Fewest effects for a verdict. @default 1 */
  readonly fewest?: number;
}

/** Passes when no operation took effect twice and none of `operations` is without effect. Its value is the most effects of one. */
export const oneEffectEach = defineCheck<OneEffectParams>(
  'one-effect-each',
  { effects: matcher, key: fieldName, operations: matcher.optional(), fewest },
  { effects: ['key'], operations: ['key'] },
  (entries, params) => {
    const { key, fewest = 1 } = params;
    const expected = 'each operation takes effect exactly once';
    const effects = select(entries, params.effects);
    const operations = params.operations ? select(entries, params.operations) : [];
    if (effects.length < fewest && operations.length < fewest) {
      return nothingToJudge(expected, `${effects.length} effects seen, ${fewest} needed`);
    }
    const groups = Object.groupBy(effects, (entry) => JSON.stringify(valueAt(entry, key) ?? null));
    const doubled = Object.values(groups).filter((group = []) => group.length > 1);
    const lost = operations.filter((entry) => !(JSON.stringify(valueAt(entry, key) ?? null) in groups));
    const extra = doubled.reduce((sum, group = []) => sum + group.length - 1, 0);
    const measured = `${effects.length} effects of ${Object.keys(groups).length} operations: ${extra} too many, ${lost.length} lost`;
    const most = Math.max(0, ...Object.values(groups).map((group = []) => group.length));
    const wrong = [...doubled.flatMap((group = []) => group), ...lost];
    return finding(wrong.length === 0, measured, expected, wrong.length > 0 ? wrong : effects, most);
  },
);
