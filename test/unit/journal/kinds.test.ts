import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Entry, EntryOf, FactsOf } from '../../../harness/journal/entry.ts';
import type { Journal } from '../../../harness/journal/journal.ts';
import { entryKinds, kindOf } from '../../../harness/journal/kinds.ts';
import type { Matcher } from '../../../harness/journal/matcher.ts';
import type { Table } from '../../../harness/worlds/table.ts';
import { kindsPage } from './kinds-page.ts';

it('is what docs/reference/journal-kinds.md says', async () => {
  const page = join(import.meta.dirname, '../../../docs/reference/journal-kinds.md');

  await expect(kindsPage()).toMatchFileSnapshot(page);
});

it('knows its own kinds and no property of every object', () => {
  expect(Object.keys(entryKinds).every((kind) => kindOf(kind) !== undefined)).toBe(true);
  expect([kindOf('constructor'), kindOf('lab.note'), kindOf(7)]).toEqual([undefined, undefined, undefined]);
});

/** Compiled by `npm run lint`: what is marked has to be an error there. Nothing of it runs. */
describe('types', () => {
  it('gives an entry the fields of its kind', () => {
    expectTypeOf<EntryOf<'connection.close'>['end']>().toEqualTypeOf<'fin' | 'reset' | 'stopped'>();
    expectTypeOf<EntryOf<'process.exit'>['code']>().toEqualTypeOf<number | null>();
    expectTypeOf<EntryOf<'tls.handshake'>['resumed']>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<Extract<Entry, { kind: 'fault.lifted' }>['strikes']>().toEqualTypeOf<number>();
    // @ts-expect-error: a closed kind has no other fields
    expectTypeOf<EntryOf<'connection.close'>['bytes']>();
  });

  it('lets programs have fields of their own, and keeps those that every record has', () => {
    expectTypeOf<FactsOf<'agent.log'>['level']>().toEqualTypeOf<string>();
    expectTypeOf<{ level: string; log: string; message: string; attempt: number }>().toExtend<
      FactsOf<'agent.log'>
    >();
    expectTypeOf<{ log: string; message: string }>().not.toExtend<FactsOf<'agent.log'>>();
  });

  it('refuses a misspelt kind, field or word in a matcher', () => {
    const right: Matcher[] = [
      { kind: 'agent.log', anything: { atLeast: 1 }, 'err.code': 'ECONNRESET' },
      { kind: 'database.rows', 'rows.0.status': 'online', 'error.code': { exists: true } },
      { kind: 'connection.close', end: { anyOf: ['reset', 'stopped'] }, ageMs: { atMost: 5 } },
      { kind: { anyOf: ['agent.log', 'server.log'] }, '*': { matches: 'x' } },
      { kind: 'process.exit', code: null },
    ];
    const wrong: Matcher[] = [
      // @ts-expect-error: misspelt kind
      { kind: 'server.lgo' },
      // @ts-expect-error: misspelt key
      { knid: 'server.log' },
      // @ts-expect-error: misspelt field
      { kind: 'connection.close', ended: 'reset' },
      // @ts-expect-error: misspelt word
      { kind: 'connection.close', end: 'rset' },
      // @ts-expect-error: misspelt word among several
      { kind: 'connection.close', end: { anyOf: ['rset'] } },
      // @ts-expect-error: misspelt path
      { kind: 'database.rows', 'error.cod': 'x' },
      // @ts-expect-error: a text for a number
      { kind: 'connection.close', bytesUp: '5' },
      // @ts-expect-error: a range of a text
      { kind: 'connection.close', link: { atLeast: 5 } },
      // @ts-expect-error: misspelt pattern
      { kind: 'connection.close', ageMs: { atleast: 5 } },
      // @ts-expect-error: misspelt kind among several
      { kind: { anyOf: ['agent.lgo'] } },
    ];

    expect([right.length, wrong.length]).toEqual([5, 10]);
  });

  it('refuses what the table does not have in append and record', () => {
    const wrong = (journal: Journal, table: Table): void => {
      const ids = { link: 'a→b', connection: 1 };
      journal.append('proxy', 'connection.through', { ...ids, localPort: 1 });
      // @ts-expect-error: misspelt kind
      journal.append('proxy', 'connection.trough', { ...ids, localPort: 1 });
      // @ts-expect-error: misspelt field
      journal.append('proxy', 'connection.through', { ...ids, localport: 1 });
      // @ts-expect-error: a field is missing
      journal.append('proxy', 'connection.through', ids);
      // @ts-expect-error: another source
      journal.append('server', 'connection.through', { ...ids, localPort: 1 });
      // @ts-expect-error: misspelt field
      table.record('database', 'database.rows', { query: 'q', rwos: [] });
      // @ts-expect-error: misspelt kind
      table.count({ kind: 'agent.lgo' });
    };

    expectTypeOf(wrong).toBeFunction();
  });
});
