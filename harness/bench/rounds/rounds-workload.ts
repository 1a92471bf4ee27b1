/**
 * A workload that takes its variants in rounds: whichever it is, rounds go on until what they show is decided, a control is
 * compared with itself, and rows are made of what each variant came to.
 */
import type { Matrix, NamedComparison, Row, Table } from '../bench-result.ts';
import { openOlder } from '../older/older-variants.ts';
import type { BenchContext, Measured, OpenOptions, OpenVariants, Workload } from '../workload.ts';
import type { Pair } from './compare-rows.ts';
import { comparing, judgeRows } from './judge-rows.ts';
import { summarizeRow, type Take } from './summarize-row.ts';
import { takeRounds } from './take-rounds.ts';

/** How many rounds there are before it is asked whether they are enough, and how many of the first are thrown away. */
interface RoundCounts {
  readonly fewest: number;
  readonly discard: number;
}

/** What such a workload says of itself. */
export interface RoundsDefinition extends Pick<Workload, 'name' | 'title' | 'seconds'> {
  readonly rounds: { readonly quick: RoundCounts; readonly full: RoundCounts };
  /** The unit of each figure. */
  readonly units: Readonly<Record<string, string>>;
  /** The variant that is taken twice in each round, and the times that it is compared by. */
  readonly control: { readonly id: string; readonly of: string };
  /** Which rows are set beside each other, and whether rounds go on until all of that is decided. */
  readonly pairs: (quick: boolean) => readonly Pair[];
  readonly untilDecided: boolean;
  readonly tables: readonly Table[];
  readonly matrix: (quick: boolean) => Matrix;
  /** What a reader has to know of how it was measured, a sentence each. */
  readonly notes: readonly string[];
  /** Starts what the variants share. */
  readonly open: (options: OpenOptions) => Promise<OpenVariants>;
}

const controlId = 'control';

/** The workload of a definition. */
export function roundsWorkload(definition: RoundsDefinition): Workload {
  const { name, title, seconds, open } = definition;
  return { name, title, seconds, open, run: (context) => run(definition, context) };
}

async function run(definition: RoundsDefinition, context: BenchContext): Promise<Measured> {
  const { name, units, control, untilDecided, tables, notes } = definition;
  const { quick, progress } = context;
  await using opened = await definition.open(context);
  await using older = context.older && (await openOlder(context.older, name, context));
  const again = opened.variants.find(({ id }) => id === control.id);
  if (!again) throw new RangeError(`Expected a variant called ${control.id}`);
  const oldId = (id: string): string => `${id} @ ${context.older?.ref}`;
  const ownIds = new Set(opened.variants.map(({ id }) => id));
  // What only the older version has could not be compared with anything.
  const olderVariants = (older?.variants ?? [])
    .filter(({ id }) => ownIds.has(id))
    .map((variant) => ({ ...variant, id: oldId(variant.id) }));
  const pairs = definition.pairs(quick);
  const olderPairs = opened.variants.map(
    ({ id }): Pair => ({ base: oldId(id), other: id, of: control.of, title: id }),
  );
  const rowsOf = (takes: ReadonlyMap<string, readonly Take[]>): Row[] =>
    [...takes].map(([id, rounds]) => summarizeRow(id, rounds, units));
  const compare = comparing(context);

  const takes = await takeRounds({
    ...context,
    ...definition.rounds[quick ? 'quick' : 'full'],
    variants: [...opened.variants, { ...again, id: controlId }, ...olderVariants],
    enough: (so) => {
      const rows = rowsOf(so);
      const wanted = [...(untilDecided ? pairs : []), ...olderPairs];
      const decided = compare(rows, wanted).every(({ decision }) => decision !== 'undecided');
      return decided && context.isDecided(name, rows);
    },
    onProgress: ({ done, of, variant }) => progress.step(done, of, variant),
  });
  const rows = rowsOf(takes);
  const own = rows.filter(({ id }) => ownIds.has(id) || id === controlId);
  return {
    rounds: takes.get(control.id)?.length ?? 0,
    tables,
    matrix: definition.matrix(quick),
    ...judgeRows(own, { ...control, again: controlId }, pairs, context),
    ...(older ? { older: olderResult(rows, olderVariants, compare(rows, olderPairs)) } : {}),
    notes,
  };
}

function olderResult(
  rows: readonly Row[],
  variants: OpenVariants['variants'],
  comparisons: readonly NamedComparison[],
): NonNullable<Measured['older']> {
  const ids = new Set(variants.map(({ id }) => id));
  return { rows: rows.filter(({ id }) => ids.has(id)), comparisons };
}
