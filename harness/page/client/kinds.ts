/** The kinds of toxics, as the server has them. */
import type { ToxicKind } from '../messages.ts';

const toxicKinds = new Map<string, ToxicKind>();

export function takeKinds(kinds: readonly ToxicKind[]): void {
  for (const kind of kinds) toxicKinds.set(kind.type, kind);
}

export const kindOf = (type: string): ToxicKind | undefined => toxicKinds.get(type);

export const allKinds = (): ToxicKind[] => [...toxicKinds.values()];

/** The units of a toxic's attributes, by name. */
export function unitsOf(type: string): ReadonlyMap<string, string> {
  const fields = kindOf(type)?.attributes ?? [];
  return new Map(fields.flatMap(({ name, unit }) => (unit ? [[name, unit]] : [])));
}
