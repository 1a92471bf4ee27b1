/** Does the server know the token? Asked by a GET that changes nothing; the database, where there is one, says why not. */
import type { RowDataPacket } from 'mysql2/promise';
import { type Answer, isPage, waitOf, wordsOf } from '../answer.ts';
import { ask } from '../ask.ts';
import { bounded, tooLate } from '../bounded.ts';
import {
  broken,
  brokenForNow,
  type ClientRow,
  type Finding,
  holds,
  type Step,
  type StepContext,
  skipped,
  unknown,
} from '../step.ts';
import { explainNoAnswer } from './no-answer.ts';

export const tokenStep: Step = { id: 'token', look };

/** The headers that carry the token. */
export function tokenHeaders({ target }: StepContext): Record<string, string> {
  if (target.token === undefined) return {};
  const { header, value } = target.token;
  return { [header]: header.toLowerCase() === 'authorization' ? `Bearer ${value}` : value };
}

async function look(context: StepContext): Promise<Finding> {
  const { target, known } = context;
  if (target.token === undefined) return skipped('give --token-file, --token or SHAKETABLE_TOKEN to try it');
  const { path, given } = target.token.page;
  const answer = await ask(context, path, tokenHeaders(context));
  if ('failure' in answer) return explainNoAnswer(context, `GET ${path} with the token`, answer);
  known.tokenAnswer = answer;
  const { status } = answer;
  const said = `GET ${path} is answered ${status}${wordsOf(answer)}`;
  if (status === 401) return await refused(context, said);
  if (status === 429 || status >= 500)
    return brokenForNow(
      `${said}${waitOf(answer)}: the server cannot say whether it knows the token`,
      'Look at its log, and at its database',
    );
  if (status === 403 || (status >= 200 && status < 300 && (given || !isPage(answer))))
    return holds(await owner(context, answer));
  return unknown(
    `${said}, which says nothing of the token`,
    given
      ? 'Give a page with --token-path that is answered 401 without the right token'
      : 'This server has another API: name a page with --token-path that is answered 401 without the right token',
  );
}

async function refused(context: StepContext, said: string): Promise<Finding> {
  const client = await clientOf(context);
  const header = context.target.token?.header ?? '';
  if (client)
    return broken(
      `${said}, though the database has this token for the client ${client.name}`,
      'The server uses another database, or keeps tokens for a while (AUTH_CACHE_TTL): compare its configuration with --db, or restart it',
    );
  return broken(
    `${said}: the server does not know this token${client === null ? ', and neither does the database' : ''}`,
    `Compare the configured token with the client’s (clients.client_token), whole and without blanks; it was sent as ${header}`,
  );
}

async function owner(context: StepContext, { status }: Answer): Promise<string> {
  const client = await clientOf(context);
  return `the server knows it (${status})${client ? `; it belongs to the client ${client.name} (${client.id})` : ''}`;
}

/** Who has the token in the database: null for nobody, undefined where there is none to ask, or it does not answer. */
async function clientOf(context: StepContext): Promise<ClientRow | null | undefined> {
  const { known, target } = context;
  const sql = 'SELECT id, name, is_active FROM clients WHERE client_token = ?';
  const rows = await rowsOf<ClientRow>(context, sql, [target.token?.value ?? '']);
  if (rows !== undefined) known.client = rows[0] ?? null;
  return known.client;
}

/** Rows of the database; undefined where there is none to ask, or it fails to answer. */
export async function rowsOf<Row>(
  { known, clock, timeoutMs, signal }: StepContext,
  sql: string,
  values: readonly string[],
): Promise<Row[] | undefined> {
  const { database } = known;
  if (database === undefined) return undefined;
  try {
    const found = await bounded(clock, timeoutMs, signal, () =>
      database.query<RowDataPacket[]>(sql, [...values]),
    );
    return found === tooLate ? undefined : (found[0] as Row[]);
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
