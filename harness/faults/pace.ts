/**
 * Scenarios give times and rates as the field reported them, in lab time. The proxy works in real time, so they are
 * converted here, by the units that each toxic declares.
 */
import type { AttributeValue, Selector, ToxicType, Unit } from 'shaketable-proxy';

/** The values of a toxic's attributes by name. */
export type ToxicValues = Readonly<Record<string, AttributeValue>>;

/** The attributes in real time; `pace` is how many lab milliseconds pass in a real one. */
export function attributesAtPace(type: ToxicType, values: ToxicValues, pace: number): ToxicValues {
  const converted = Object.entries(values).map(([name, value]) => [
    name,
    valueAtPace(value, type.attributes[name]?.unit, pace),
  ]);
  return Object.fromEntries(converted);
}

/** The selector in real time: a toxic that begins after a minute of lab time begins earlier in real time. */
export function selectorAtPace(only: Selector, pace: number): Selector {
  const { after_ms, for_ms } = only;
  return {
    ...only,
    ...(after_ms === undefined ? {} : { after_ms: whole(after_ms / pace) }),
    ...(for_ms === undefined ? {} : { for_ms: whole(for_ms / pace) }),
  };
}

function valueAtPace(value: AttributeValue, unit: Unit | undefined, pace: number): AttributeValue {
  if (unit === undefined || unit === 'bytes') return value;
  const factor = unit === 'KB/s' ? pace : 1 / pace;
  if (typeof value === 'number') return whole(value * factor);
  return Array.isArray(value) ? value.map((item) => whole(item * factor)) : value;
}

/** Whole units, away from zero: a short delay does not become none, nor a low rate a freeze. */
function whole(value: number): number {
  return Math.sign(value) * (value === 0 ? 0 : Math.max(1, Math.round(Math.abs(value))));
}
