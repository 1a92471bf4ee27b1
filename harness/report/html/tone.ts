/**
 * The colour of an entry's row.
 */

/** A class for what went wrong and for what a fault did; nothing for the rest. */
export function toneOf(kind: string, level: string): string {
  if (kind === 'fault.strike') return 'lv-strike';
  if (level === 'warn') return 'lv-warn';
  return level === 'error' || level === 'fatal' ? 'lv-error' : '';
}
