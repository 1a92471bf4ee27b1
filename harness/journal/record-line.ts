/** A record of a program’s log as a line of JSON, in the form that most loggers write and every reader of logs knows. */
import type { Json, JsonObject } from './fields.ts';

/** `t` of the entry in lab milliseconds since the journal began, at `startedAt` (epoch ms). */
export function recordLine(entry: { readonly t: number }, startedAt: number, longestText?: number): string {
  const {
    n: _n,
    t: _t,
    source: _source,
    kind: _kind,
    log: _log,
    stamp: _stamp,
    level,
    message,
    ...rest
  } = entry as unknown as JsonObject;
  const line = { time: new Date(startedAt + entry.t).toISOString(), level, msg: message, ...rest };
  const text = JSON.stringify(longestText === undefined ? line : shortened(line as JsonObject, longestText));
  return text.replaceAll(unseen, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
}

/** What would turn the text around where it is shown, or break its line (Unicode, UAX 9). */
const unseen = /[\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Texts cut short, without stacks and whatever lies deeper than a field of a field. */
function shortened(fields: JsonObject, longest: number, depth = 0): JsonObject {
  const short = (value: Json | undefined): Json | undefined => {
    if (typeof value === 'string') return value.length > longest ? `${value.slice(0, longest)}…` : value;
    if (typeof value !== 'object' || value === null) return value;
    return Array.isArray(value) || depth > 0 ? undefined : shortened(value as JsonObject, longest, depth + 1);
  };
  const kept = Object.entries(fields).filter(([name]) => name !== 'stack');
  return Object.fromEntries(
    kept.flatMap(([name, value]) => {
      const shown = short(value);
      return shown === undefined ? [] : [[name, shown]];
    }),
  );
}
