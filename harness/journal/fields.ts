/**
 * What a field of an entry can be, as data: the table of kinds is written in these words, and the types of entries and
 * matchers, the checks at run time and the documentation follow from it.
 */

/** Anything JSON can carry. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** What a number counts or measures; `ms` is lab time. */
export type Unit = 'ms' | 'bytes' | 'count' | 'number' | 'port' | 'exit code';

/** What one field is. `optional`: it may be missing; `orNull`: it may be null. */
export type Field = (
  | { readonly type: 'text' }
  | { readonly type: 'word'; readonly words: readonly string[] }
  | { readonly type: 'number'; readonly unit: Unit }
  | { readonly type: 'yes or no' }
  | { readonly type: 'texts' }
  | { readonly type: 'rows' }
  | { readonly type: 'values' }
  | { readonly type: 'object'; readonly fields: Fields }
) & { readonly meaning: string; readonly optional?: true; readonly orNull?: true };

export type Fields = { readonly [name: string]: Field };

export const text = (meaning: string) => ({ type: 'text', meaning }) as const;

/** One of a closed set of words. */
export const word = <const Word extends string>(words: readonly Word[], meaning: string) =>
  ({ type: 'word', words, meaning }) as const;

export const number = (unit: Unit, meaning: string) => ({ type: 'number', unit, meaning }) as const;

export const yesOrNo = (meaning: string) => ({ type: 'yes or no', meaning }) as const;

export const texts = (meaning: string) => ({ type: 'texts', meaning }) as const;

/** A list of JSON objects; `rows.0.status` is a path into it. */
export const rows = (meaning: string) => ({ type: 'rows', meaning }) as const;

/** A JSON object whose keys are somebody else's; `params.latency` is a path into it. */
export const values = (meaning: string) => ({ type: 'values', meaning }) as const;

/** A JSON object with these fields; `error.code` is a path into it. */
export const object = <const Inner extends Fields>(meaning: string, fields: Inner) =>
  ({ type: 'object', meaning, fields }) as const;

export const optional = <const F extends Field>(field: F) => ({ ...field, optional: true }) as const;

export const orNull = <const F extends Field>(field: F) => ({ ...field, orNull: true }) as const;

/** The values of a field. */
export type ValueOf<F> =
  | (F extends { type: 'text' }
      ? string
      : F extends { type: 'word'; words: readonly (infer Word)[] }
        ? Word
        : F extends { type: 'number' }
          ? number
          : F extends { type: 'yes or no' }
            ? boolean
            : F extends { type: 'texts' }
              ? readonly string[]
              : F extends { type: 'rows' }
                ? readonly JsonObject[]
                : F extends { type: 'values' }
                  ? JsonObject
                  : F extends { type: 'object'; fields: infer Inner }
                    ? RecordOf<Inner>
                    : never)
  | (F extends { orNull: true } ? null : never);

/** An object with these fields. */
export type RecordOf<F> = {
  readonly [N in keyof F as F[N] extends { optional: true } ? never : N]: ValueOf<F[N]>;
} & {
  readonly [N in keyof F as F[N] extends { optional: true } ? N : never]?: ValueOf<F[N]> | undefined;
};

/** The paths of the values that one can ask for: `end`, `rows.0.status`, `error.code`. */
export type PathOf<F> = { [N in keyof F & string]: N | Below<F[N], N> }[keyof F & string];

type Below<F, N extends string> = F extends { type: 'rows' | 'values' | 'texts' }
  ? `${N}.${string}`
  : F extends { type: 'object'; fields: infer Inner }
    ? `${N}.${keyof Inner & string}`
    : never;

/** The field at a path; undefined for one inside something whose keys are somebody else's. */
export type FieldAt<F, Path> = Path extends keyof F
  ? F[Path]
  : Path extends `${infer N}.${infer Rest}`
    ? N extends keyof F
      ? F[N] extends { type: 'object'; fields: infer Inner }
        ? Rest extends keyof Inner
          ? Inner[Rest]
          : undefined
        : undefined
      : undefined
    : undefined;
