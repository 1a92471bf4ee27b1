/**
 * Whether the clients of the connections through the proxy had ended them before their server did, or the lab took the link
 * away (R3.7): what somebody else has to end, a program that was stopped has left behind.
 */
import type { Entry } from '../journal/entry.ts';
import { matches, select, valueAt } from '../journal/matcher.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { scope } from './params.ts';

/** Passes when in its scope no connection is ended by anybody before its client has ended it. */
export const nothingLeftOpen = defineCheck<Scope>('nothing-left-open', scope, {}, (entries, params) => {
  const expected = 'no connection left open';
  const opened = select(entries, { kind: 'connection.open' });
  const part = within(entries, params);
  if (!part || opened.length === 0)
    return nothingToJudge(expected, 'no connection was made, or none outlived the rest');
  const [first] = part;
  const ended = new Set(
    entries
      .filter((entry) => matches(entry, byFault) || (matches(entry, byClient) && entry.n < (first?.n ?? 0)))
      .map(connectionOf),
  );
  const left: Entry[] = [];
  for (const entry of part) {
    const connection = connectionOf(entry);
    const isEnd = matches(entry, ends);
    if (isEnd && !ended.has(connection) && !isByClient(entry)) left.push(entry);
    if (isEnd) ended.add(connection);
  }
  const measured = `${left.length} of ${opened.length} left open`;
  return finding(left.length === 0, measured, expected, left.length > 0 ? left : opened, left.length);
});

const ends = { kind: { anyOf: ['connection.end', 'connection.close'] } } as const;
const byClient = { ...ends, side: 'client' } as const;
/** A fault may have taken the client's side away long before the rest ends. */
const byFault = { kind: 'connection.close', by: 'toxic' } as const;

const isByClient = (entry: Entry): boolean => matches(entry, byClient) || valueAt(entry, 'by') === 'client';
const connectionOf = (entry: Entry): string =>
  JSON.stringify([valueAt(entry, 'link'), valueAt(entry, 'connection')]);
