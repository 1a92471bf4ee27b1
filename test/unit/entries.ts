/** Builds journals for tests: entries in order, a second of lab time apart unless they say otherwise. */
import type { Entry, EntryKind, JsonObject, Source } from '../../harness/journal/entry.ts';

/** The kind and the fields that matter; those that every entry of the kind has may be missing. */
type Draft = JsonObject & { kind: EntryKind };

export function entries(...drafts: Draft[]): Entry[] {
  return drafts.map(
    (draft, index) =>
      ({ n: index + 1, t: index * 1_000, source: sourceOf(draft.kind), ...draft }) as unknown as Entry,
  );
}

function sourceOf(kind: string): Source {
  if (kind.startsWith('agent.')) return 'agent';
  if (kind.startsWith('server.')) return 'server';
  if (kind.startsWith('fault.')) return 'fault';
  return kind.startsWith('subject.') ? 'subject' : 'proxy';
}
