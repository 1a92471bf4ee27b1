/**
 * What a run is remembered by: one flat record for each thing that happened, on one lab clock. Probes write entries,
 * checks read them, reports show them; nothing else passes between those three. Their kinds are in kinds.ts.
 */
import type { JsonObject, RecordOf } from './fields.ts';
import type { EntryKind, FieldsOf, OpenKind, SourceOf } from './kinds.ts';

export type { Json, JsonObject } from './fields.ts';
export type { EntryKind, Source } from './kinds.ts';

/** What entries of the kind `K` say, besides when and who. */
export type FactsOf<K extends EntryKind> = RecordOf<FieldsOf<K>> &
  (K extends OpenKind ? JsonObject : unknown);

/** An entry of the kind `K`. */
export type EntryOf<K extends EntryKind> = {
  /** Number in the journal, from 1, in order of time. */
  readonly n: number;
  /** Lab milliseconds since the journal began. */
  readonly t: number;
  readonly source: SourceOf<K>;
  readonly kind: K;
} & FactsOf<K>;

/** One thing that happened; `kind` tells which fields it has. */
export type Entry = { [K in EntryKind]: EntryOf<K> }[EntryKind];

/** Whether the entry proves that the fault struck; one whose peer was gone by then hit nothing. */
export function isStrikeOf(fault: string, entry: Entry): entry is EntryOf<'fault.strike'> {
  return entry.kind === 'fault.strike' && entry.fault === fault && entry.reached !== false;
}
