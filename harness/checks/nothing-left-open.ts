/**
 * Whether the clients of the connections through the proxy had ended them before their server did, or the lab took the link
 * away (R3.7): what somebody else has to end, a program that was stopped has left behind.
 */
import type { Entry } from '../journal/entry.ts';
import { type Matcher, matches, select, valueAt } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { matcher, scope } from './params.ts';

/** Parameters of {@link nothingLeftOpen}. */
export interface NothingLeftOpenParams extends Scope {
  /**
   * Entries of the connections that are looked at, as their ClientHellos. Of MySQL it is the server that ends a connection, once its
   * client has said goodbye.
   */
  readonly of: Matcher;
}

/** Passes when in its scope none of the connections is ended by anybody before its client has ended it. */
export const nothingLeftOpen = defineCheck<NothingLeftOpenParams>(
  'nothing-left-open',
  { of: matcher, ...scope },
  { of: [] },
  (entries, params) => {
    const expected = 'no connection left open';
    const opened = Map.groupBy(select(entries, params.of), connectionOf);
    const part = within(entries, params);
    if (!part || opened.size === 0)
      return nothingToJudge(expected, 'no connection was made, or none outlived the rest');
    const [first] = part;
    const isOver = (entry: Entry): boolean =>
      matches(entry, byFault) || (matches(entry, byClient) && entry.n < (first?.n ?? 0));
    const ended = new Set(entries.filter(isOver).map(connectionOf));
    const left: Entry[] = [];
    for (const entry of part) {
      const connection = connectionOf(entry);
      if (!matches(entry, ends) || ended.has(connection)) continue;
      ended.add(connection);
      if (opened.has(connection) && !isByClient(entry)) left.push(entry);
    }
    const measured = `${left.length} of ${opened.size} left open`;
    const evidence = left.length > 0 ? left : [...opened.values()].flat();
    return finding(left.length === 0, measured, expected, evidence, left.length);
  },
);

const ends = { kind: { anyOf: ['connection.end', 'connection.close'] } } as const;
const byClient = { ...ends, side: 'client' } as const;
/** A fault may have taken the client's side away long before the rest ends. */
const byFault = { kind: 'connection.close', by: 'toxic' } as const;

const isByClient = (entry: Entry): boolean => matches(entry, byClient) || valueAt(entry, 'by') === 'client';
const connectionOf = (entry: Entry): string =>
  JSON.stringify([valueAt(entry, 'link'), valueAt(entry, 'connection')]);
