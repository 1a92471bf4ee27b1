/** Columns of tables that several workloads show. */
import type { Column } from '../bench-result.ts';

/** Milliseconds of times called `of`. */
export const timeColumn = (
  title: string,
  of: string,
  take: NonNullable<Column['take']>,
  digits = 1,
): Column => ({ title, of, take, digits });

/** The median of the figures called `of`. */
export const figureColumn = (title: string, of: string, digits = 0): Column => ({ title, of, digits });
