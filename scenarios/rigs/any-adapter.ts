/**
 * Plays a client library through an adapter: a WebSocket to the reference server, or connections to a database of the run's own, over one
 * link, with the lab saying what is sent and when.
 *
 *   adapter ──agent→server──► reference server          adapter ──agent→mysql──► database
 */
import {
  adapterAnswers,
  adapterEvents,
  each,
  type ForeignSubject,
  type LaunchedAdapter,
  launchAdapter,
  type Matcher,
  subjectNotes,
  type Table,
} from 'shaketable';
import { type Reference, startReference } from './reference.ts';
import { webSocketUrl } from './web-socket-url.ts';

/** The link between an adapter and its database. */
export const databaseLink = 'agent→mysql';

/** The name that the lab has for what the adapter opened. */
const on = 'c1';

/** The adapter's word that its WebSocket is gone. */
export const toldClosed = { ...adapterEvents, event: 'closed' } satisfies Matcher;

/** Its answers on messages or statements whose ids begin so. */
export const answersOn = (begin: string) =>
  ({ ...adapterAnswers, id: { matches: `^${begin}` } }) satisfies Matcher;

/** What holds of every adapter: it is there before anything happens, and ends when its input does. */
export const soundAdapter = {
  works: each('it works while nothing is wrong', {
    of: answersOn('before'),
    has: { answer: 'ok' },
    given: { kind: 'subject.note', name: subjectNotes.ready },
  }),
  exit: each('it ends when its input ends', {
    of: { kind: 'process.exit' },
    has: { code: 0 },
    given: { kind: 'subject.note', name: subjectNotes.stopping },
  }),
};

/** A WebSocket that an adapter holds. */
export interface HeldSocket {
  readonly reference: Reference;
  send(id: string): ReturnType<LaunchedAdapter['ask']>;
}

/** Opens a WebSocket to the reference server. */
export async function holdSocket(table: Table, subject: ForeignSubject): Promise<HeldSocket> {
  const reference = await startReference(table);
  const { caFile, ask } = await launchAdapter(table, subject, table.authority.certPem);
  const url = webSocketUrl(`https://127.0.0.1:${reference.link.port}`, 'user-1');
  const { token } = reference;
  await ask('before: connect', { do: 'connect', kind: 'websocket', on, url, token, caFile });
  return {
    reference,
    send: (id) =>
      ask(id, { do: 'send', on, text: JSON.stringify({ type: 'user_message', id, text: 'hello' }) }),
  };
}

/** Connections to a database that an adapter holds. */
export interface HeldDatabase {
  /** Has a row written, with the id as its key. */
  write(id: string): ReturnType<LaunchedAdapter['ask']>;
}

/** Opens what the library has for a database; with `own` the database is for this run alone. */
export async function holdDatabase(
  table: Table,
  subject: ForeignSubject,
  { own = false }: { readonly own?: boolean } = {},
): Promise<HeldDatabase> {
  const { server, schema } = await table.database({ own });
  const { caFile, ask } = await launchAdapter(table, subject, server.caPem);
  const link = await table.link(databaseLink, server);
  const url = `mysql://${schema.user}:${schema.password}@${link.host}:${link.port}/${schema.database}`;
  await ask('before: connect', { do: 'connect', kind: 'database', on, url, caFile });
  const run = (id: string, sql: string, values: readonly string[] = []) =>
    ask(id, { do: 'request', on, sql, values });
  await run('before: create', 'CREATE TABLE written (id VARCHAR(64) PRIMARY KEY)');
  return { write: (id) => run(id, 'INSERT INTO written (id) VALUES (?)', [id]) };
}
