/**
 * How much of a run one page shows. A big run gets smaller limits until the page is of a size that opens at once; what
 * is left out is said where it is left out, and stands in the journals.
 */

export interface Limits {
  /** Entries in the page from each journal, spread over its length; more than there are: all of them. */
  readonly entries: number;
  /** Whether the records of the logs are in the page word for word. */
  readonly records: boolean;
  /** Characters of one entry. */
  readonly characters: number;
  /** Entries listed from the start of each journal for readers without JavaScript; those that checks cite come on top. */
  readonly listed: number;
  /** Bars, and marks, in one lane, before the reader looks closer. */
  readonly drawn: number;
}

/** What a page may weigh, in bytes. */
export const pageBytes = 4_500_000;

/** From generous to frugal; the first one that fits is taken, the last one in any case. */
export const limitLevels: readonly Limits[] = [
  { entries: Number.POSITIVE_INFINITY, records: true, characters: 320, listed: 60, drawn: 160 },
  { entries: Number.POSITIVE_INFINITY, records: true, characters: 240, listed: 25, drawn: 60 },
  { entries: Number.POSITIVE_INFINITY, records: false, characters: 180, listed: 10, drawn: 40 },
  { entries: 20_000, records: false, characters: 140, listed: 10, drawn: 40 },
  { entries: 2_000, records: false, characters: 100, listed: 5, drawn: 20 },
  { entries: 200, records: false, characters: 80, listed: 5, drawn: 10 },
];
