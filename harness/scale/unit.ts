/** Units of work, named by what decides about their results; and what comes of one. */
import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../journal/fields.ts';
import type { WorkUnit } from '../queue/engine.ts';

/** A file that a unit leaves, kept as a blob of its run. */
export interface KeptFile {
  /** Path inside the unit's directory, with `/`. */
  readonly path: string;
  readonly blob: string;
  /** Of the file itself; the blob is compressed by gzip. */
  readonly sha256: string;
  readonly bytes: number;
}

/** What a unit came to. `aside`: it was given up, because it takes its workers with it. */
export type Outcome =
  | {
      readonly kind: 'done';
      /** Over all of the result that has to be the same wherever the unit is played. */
      readonly digest: string;
      readonly value: Json;
      readonly files: readonly KeptFile[];
      /** Milliseconds that it took, on the worker's clock. */
      readonly durationMs: number;
    }
  | {
      readonly kind: 'aside';
      readonly reason: string;
      /** What was there when its last child died. */
      readonly files: readonly KeptFile[];
    };

/** The unit of this payload: the same for everybody who would get the same result. */
export function unitOf(kind: string, code: Readonly<Record<string, string>>, payload: JsonObject): WorkUnit {
  return { id: digestOf({ kind, code, payload }).slice(0, 32), payload };
}

/** SHA-256 of a value as JSON with its keys in order, hexadecimal. */
export function digestOf(value: Json): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
