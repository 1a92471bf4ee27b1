/** Whether two incidents are the same: feature by feature, each with its tolerance. */
import type { Feature } from './features/features.ts';

/** One feature in both. */
export interface Compared {
  readonly id: string;
  readonly unit: Feature['unit'];
  readonly incident?: Feature['value'];
  readonly reproduction?: Feature['value'];
  readonly agrees: boolean;
}

/** How much alike they are. */
export interface Comparison {
  readonly verdict: 'same pattern' | 'similar' | 'not reproduced';
  readonly features: readonly Compared[];
}

/**
 * Holds a reproduction against its incident. *Same pattern*: everything that the incident shows comes again, and nothing else goes
 * wrong. *Not reproduced*: no failure of the incident comes again. *Similar*: anything between. What only a longer log can show,
 * such as a period, is no difference where the incident’s log is too short for it; nor are families of failures that `mayShow` names.
 */
export function compare(
  incident: readonly Feature[],
  reproduction: readonly Feature[],
  mayShow: readonly string[] = [],
): Comparison {
  const shown = incident.map((feature): Compared => {
    const again = reproduction.find(({ id }) => id === feature.id);
    return {
      id: feature.id,
      unit: feature.unit,
      incident: feature.value,
      ...(again && { reproduction: again.value }),
      agrees: again !== undefined && isWithin(feature, again.value),
    };
  });
  const added = reproduction
    .filter(({ id }) => !incident.some((feature) => feature.id === id))
    .map(
      ({ id, unit, value }): Compared => ({
        id,
        unit,
        reproduction: value,
        agrees: !id.startsWith('shows ') || mayShow.includes(id.slice(6)),
      }),
    );
  const features = [...shown, ...added];
  const main = shown.filter(({ id, unit }) => unit === 'yes' || id === 'the same request at a time');
  const again = (main.length > 0 ? main : shown).filter(({ agrees }) => agrees);
  if (again.length === 0) return { verdict: 'not reproduced', features };
  return { verdict: features.every(({ agrees }) => agrees) ? 'same pattern' : 'similar', features };
}

function isWithin({ value, tolerance }: Feature, other: Feature['value']): boolean {
  const [mine, its] = [[value].flat(), [other].flat()];
  // The shorter row has been seen for a shorter time.
  return mine.every((one, index) => {
    const another = its[index];
    return another === undefined
      ? index > 0
      : Math.abs(one - another) <= Math.max(Math.abs(one) * tolerance.share, tolerance.least) + 1e-9;
  });
}
