/**
 * The times that logs write, in the shapes that they have there. A stamp with a zone becomes epoch milliseconds; one without
 * stays as it is written: whose zone it is in nobody can tell from the line.
 */

/** What is known of when a record was written. */
export interface WrittenTime {
  /** Epoch ms; missing without a zone or a date. */
  readonly time?: number;
  /** As it is written, where that is text, or whole seconds. */
  readonly stamp?: string;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const clockTime = String.raw`(?<h>\d{1,2}):(?<min>\d\d)(?::(?<s>\d\d)(?:[.,:](?<frac>\d{1,9}))?)?(?: ?(?<half>[AP]M)\b)?`;
const zone = String.raw`(?: ?(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d\b)(?![\w:]))?`;

/** Regular expressions of stamps, each for the beginning of a text; from those that tell the most to those that tell the least. */
const shapes: readonly RegExp[] = [
  // 2025-11-19T20:00:25.123Z · 2025/11/19 20:00:25 · 2025-11-19_20:00:25.12345 · 2025-11-19 20:00:25,123 +0100
  new RegExp(String.raw`^(?<y>\d{4})[-/.](?<m>\d\d)[-/.](?<d>\d\d)[T _-]${clockTime}${zone}`),
  // Nov 30, 2026 5:49:43 AM
  new RegExp(String.raw`^(?<mon>[A-Z][a-z]{2}) (?<d>\d{1,2}), (?<y>\d{4}),? ${clockTime}${zone}`),
  // Wed Nov 19 20:00:25.123456 2025
  new RegExp(
    String.raw`^(?:[A-Z][a-z]{2} )(?<mon>[A-Z][a-z]{2}) {1,2}(?<d>\d{1,2}) ${clockTime} (?<y>\d{4})\b`,
  ),
  // Nov 19 20:00:25
  new RegExp(String.raw`^(?<mon>[A-Z][a-z]{2}) {1,2}(?<d>\d{1,2}) ${clockTime}`),
  // 19/Nov/2025:20:00:25 +0000 · 19-Nov-2025 20:00:25.123 · 19 Nov 2025 20:00:25.123
  new RegExp(String.raw`^(?<d>\d\d?)[-/ ](?<mon>[A-Z][a-z]{2})[-/ ](?<y>\d{4})[: ]${clockTime}${zone}`),
  // 20:00:25.778 · 5:47AM
  new RegExp(`^${clockTime}${zone}`),
];

/** The stamp at the beginning of a text, without what follows it; undefined where there is none. */
export function stampAt(text: string): string | undefined {
  const head = text.slice(0, 48);
  for (const shape of shapes) {
    const found = shape.exec(head)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a time puts records in order: whole seconds do not. */
export const isExact = ({ time, stamp }: WrittenTime): boolean =>
  time !== undefined && (stamp === undefined || time % 1_000 !== 0);

/** Reads a stamp as it stands in a line. */
export function readStamp(text: string): WrittenTime {
  for (const shape of shapes) {
    const groups = shape.exec(text)?.groups;
    if (groups !== undefined) return fromParts(text, groups);
  }
  return { stamp: text };
}

function fromParts(
  text: string,
  { y, m, mon, d, h, min, s, frac, half, zone: named }: Record<string, string | undefined>,
): WrittenTime {
  const month = mon === undefined ? Number(m) - 1 : months.indexOf(mon.toLowerCase());
  if (y === undefined || named === undefined || month < 0) return { stamp: text };
  const hour = half === undefined ? Number(h) : (Number(h) % 12) + (half === 'PM' ? 12 : 0);
  const whole = Date.UTC(Number(y), month, Number(d), hour, Number(min), Number(s ?? 0));
  const fraction = frac === undefined ? 0 : Math.round(Number(`0.${frac}`) * 1e6) / 1e3;
  const time = whole - offsetMs(named) + fraction;
  if (!Number.isFinite(time)) return { stamp: text };
  return { time, stamp: text };
}

function offsetMs(named: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(named) ?? [];
  return sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
}

/** Epoch numbers by their size: seconds, then milli-, micro- and nanoseconds; undefined for one that is no time of our days. */
export function readEpoch(value: number): WrittenTime | undefined {
  if (!(value >= 1e8)) return undefined;
  if (value < 1e11)
    return Number.isInteger(value)
      ? { time: value * 1e3, stamp: String(value) }
      : { time: Math.round(value * 1e6) / 1e3 };
  if (value < 1e14) return { time: value };
  return { time: Math.round(value < 1e17 ? value : value / 1e3) / 1e3 };
}
