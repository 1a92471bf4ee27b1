/**
 * Values in words, the same in every report.
 */
import type { Json } from '../journal/entry.ts';

/**
 * `text` with what could not be seen made visible: control characters as their pictures, direction overrides as
 * `\u202e`. Line feeds and tabs stay. What subjects log is theirs, and must neither drive a terminal nor reorder a line.
 */
export function visible(text: string): string {
  return text.replaceAll(invisible, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

const invisible = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069\u2028\u2029\ufffe\uffff]/gu;

/** `text` on one line. */
export function oneLine(text: string): string {
  const lines = visible(text).split('\n');
  return lines.length === 1 ? (lines[0] ?? '') : lines.map((line) => line.trim()).join(' ⏎ ');
}

/** `text` in at most `limit` characters, for where there is no room to say how many are missing. */
export const clip = (text: string, limit: number): string =>
  text.length <= limit
    ? text
    : `${text
        .slice(0, limit - 1)
        .toWellFormed()
        .trimEnd()}…`;

/** `text` cut to `limit` characters, saying how many are missing. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return `${text.slice(0, cut)}… (+${text.length - cut} characters)`;
}

/** A measured or expected value as a reader writes it: `12`, `at most 4`, `levels: debug, info`. */
export function showValue(value: Json | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return visible(value);
  if (typeof value === 'number') return showNumber(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(showValue).join(', ');
  return Object.entries(value)
    .map(([key, item]) => `${visible(key)}: ${showValue(item as Json | undefined)}`)
    .join(' · ');
}

/** A number with at most three decimals and thin spaces between thousands. */
export function showNumber(value: number): string {
  const [whole = '', decimals] = String(Math.round(value * 1_000) / 1_000).split('.');
  if (!/^-?\d+$/.test(whole)) return String(value);
  const grouped = whole.length > 4 ? whole.replaceAll(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

/** Milliseconds as `12 ms`, `2.1 s`, `1 min 12 s` or `2 h 5 min`. */
export function showDuration(ms: number): string {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 scenario`, `2 scenarios`. */
export function count(number: number, noun: string): string {
  const plural = /(s|x|ch)$/.test(noun) ? `${noun}es` : noun.replace(/([^aeiou])y$/, '$1ie').concat('s');
  return `${showNumber(number)} ${number === 1 ? noun : plural}`;
}

/** Units that go behind each figure; longer ones are said once. */
const isShort = (unit: string): boolean => unit.length <= 2;

/** A figure with its unit, if that is short and the figure no word: `12 ms`, `50–200 ms`, `unknown`. */
export function withUnit(value: string | number | null, unit: string): string {
  const isFigure = typeof value === 'number' || (value !== null && /^[\d., –-]*\d$/.test(value));
  return isFigure && unit !== '' && isShort(unit) ? `${showValue(value)} ${unit}` : showValue(value);
}

/** What to put behind the name of a figure for a unit that is not behind its values: ` (handshakes/min)`. */
export const unitNote = (unit: string): string => (isShort(unit) ? '' : ` (${unit})`);
