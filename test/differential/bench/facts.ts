/**
 * What a check observed, in a form that is the same for two servers that behave alike: text is normalised, a time that
 * is as long as it should be is written as that.
 */

/** One observation. Two of them agree when `exact` is the same. */
export interface Fact {
  /** As the table shows it. */
  readonly shown: string;
  readonly exact: string;
  /** Noise of the machine can change it, so that a second look is fair. */
  readonly timed: boolean;
}

/** The observations of a check by name. */
export type Facts = Readonly<Record<string, Fact>>;

/** What a check may give back for one observation. */
export type Observed = Fact | string | number | boolean;

/** How much later than due something may come: a part of the time itself, and what a busy machine adds. */
const lateShare = 0.1;
const lateMs = 60;
/** Clocks of two kinds are compared: the platform's timers count whole milliseconds. */
const earlyMs = 2;

/** A time that should be `nominalMs`, which is a lower bound. */
export function ms(nominalMs: number, measuredMs: number): Fact {
  const due = measuredMs >= nominalMs - earlyMs && measuredMs <= nominalMs + nominalMs * lateShare + lateMs;
  const shown = Number.isFinite(measuredMs) ? `${due ? nominalMs : Math.round(measuredMs)} ms` : 'never';
  return { shown, exact: shown, timed: true };
}

/** Something that is judged from times or from chance. */
export function judged(value: string | number | boolean): Fact {
  return { shown: String(value), exact: String(value), timed: true };
}

/** Any observation as a fact. */
export function toFact(observed: Observed): Fact {
  if (typeof observed === 'object') return observed;
  return { shown: String(observed), exact: String(observed), timed: false };
}

/** The names of the observations that are not the same, in order. */
export function differing(a: Facts, b: Facts): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => a[name]?.exact !== b[name]?.exact);
}
