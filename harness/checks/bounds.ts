/**
 * A figure against its limits, and how both read in a report.
 */

/** Limits of a figure, both inclusive. */
export interface Bounds {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Whether `value` keeps to the limits. */
export function keepsTo(value: number, { atLeast, atMost }: Bounds): boolean {
  return (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
}

/** The limits in words: `exactly 1`, `at most 3 s`, `2 to 4`. */
export function describeBounds({ atLeast, atMost }: Bounds, unit = ''): string {
  const low = atLeast === undefined ? undefined : figure(atLeast, unit);
  const high = atMost === undefined ? undefined : figure(atMost, unit);
  if (low !== undefined && high !== undefined)
    return atLeast === atMost ? `exactly ${low}` : `${low} to ${high}`;
  if (low !== undefined) return `at least ${low}`;
  return high === undefined ? 'anything' : `at most ${high}`;
}

/** A figure with its unit; milliseconds read as seconds from one second on, a share as a percentage. */
export function figure(value: number, unit = ''): string {
  if (unit === 'ms' && Math.abs(value) >= 1_000) return `${trim(value / 1_000)} s`;
  if (unit === '%') return `${trim(value * 100)} %`;
  return unit === '' ? trim(value) : `${trim(value)} ${unit}`;
}

function trim(value: number): string {
  return String(Math.round(value * 100) / 100);
}
