/**
 * A statement of MySQL as one of SQLite, with what has to be known to run it: whether it reads or writes, whether it locks, and
 * what its columns are called. Only what both can do is taken; the rest is an error that says so.
 */
import { notHere } from './sql-error.ts';
import { afterBracket, areAt, is, joined, named, parts, quoted, type Token } from './tokens.ts';

/** A statement on rows. */
export interface RowStatement {
  readonly sql: string;
  readonly does: 'read' | 'insert' | 'update' | 'delete';
  /** It waits for whoever changes rows, although it may only read. */
  readonly locks: boolean;
  /** The table that is changed. */
  readonly table?: string;
  /** Rows that are there already are changed instead: they count twice. */
  readonly upserts: boolean;
  /** The schema that its tables are written with; undefined for that of the session. */
  readonly schema?: string;
  /** Columns as the client shall see them. */
  readonly columns: readonly SelectedColumn[];
}

export interface SelectedColumn {
  /** Undefined for `*`. */
  readonly name: string | undefined;
  /** A sum or an average, which MySQL gives as a decimal. */
  readonly decimal: boolean;
}

const verbs: Readonly<Record<string, RowStatement['does']>> = {
  SELECT: 'read',
  WITH: 'read',
  VALUES: 'read',
  INSERT: 'insert',
  REPLACE: 'insert',
  UPDATE: 'update',
  DELETE: 'delete',
};

/** Functions that have another name. */
const functions: Readonly<Record<string, string>> = {
  IF: 'iif',
  GREATEST: 'max',
  LEAST: 'min',
  NOW: 'mysql_now',
  UTC_TIMESTAMP: 'mysql_now',
  CURRENT_TIMESTAMP: 'mysql_now',
  SYSDATE: 'mysql_now',
  LOCALTIMESTAMP: 'mysql_now',
  CONCAT: 'mysql_concat',
  CHAR_LENGTH: 'length',
  LENGTH: 'octet_length',
  LCASE: 'lower',
  UCASE: 'upper',
  RAND: 'mysql_rand',
  REPEAT: 'mysql_repeat',
  REVERSE: 'mysql_reverse',
  TIMESTAMPDIFF: 'mysql_timestampdiff',
  UUID: 'mysql_uuid',
  UNIX_TIMESTAMP: 'mysql_unix',
};

/** Whether a statement is one on rows. */
export const isOnRows = ([first]: readonly Token[]): boolean =>
  first !== undefined && first.value in verbs && first.kind === 'word';

/** Translates a statement on rows. `schemas` are those that names may be written with. */
export function translate(given: readonly Token[], schemas: ReadonlySet<string>): RowStatement {
  const { tokens, schema } = withoutSchema(given, schemas);
  const { rest, locks } = withoutLocks(tokens);
  const does = verbs[rest[0]?.value ?? ''] ?? 'read';
  const table = tableOf(rest, does);
  const columns = does === 'read' ? selected(rest) : [];
  const upserts =
    is(rest[0], 'REPLACE') || rest.some((_, at) => areAt(rest, at, 'ON', 'DUPLICATE', 'KEY', 'UPDATE'));
  return {
    sql: joined(rewritten(rest)),
    does,
    locks,
    upserts,
    columns,
    ...(table === undefined ? {} : { table }),
    ...(schema === undefined ? {} : { schema }),
  };
}

/** `schema.table` as `table`: each schema is a store of its own. */
function withoutSchema(
  given: readonly Token[],
  schemas: ReadonlySet<string>,
): { tokens: Token[]; schema: string | undefined } {
  const found = new Set<string>();
  const tokens = given.filter((token, at) => {
    const name = named(token);
    const isPrefix =
      name !== undefined && schemas.has(name) && is(given[at + 1], '.') && !is(given[at - 1], '.');
    if (isPrefix) found.add(name);
    const isDot = is(token, '.') && schemas.has(named(given[at - 1]) ?? '') && !is(given[at - 2], '.');
    return !isPrefix && !isDot;
  });
  if (found.size > 1) throw notHere('a statement over more than one schema');
  return { tokens, schema: [...found][0] };
}

function withoutLocks(tokens: readonly Token[]): { rest: Token[]; locks: boolean } {
  const rest: Token[] = [];
  let locks = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const length = lockAt(tokens, at);
    if (length > 0) {
      locks = true;
      at += length - 1;
    } else rest.push(...tokens.slice(at, at + 1));
  }
  return { rest, locks };
}

function lockAt(tokens: readonly Token[], at: number): number {
  if (areAt(tokens, at, 'LOCK', 'IN', 'SHARE', 'MODE')) return 4;
  if (!areAt(tokens, at, 'FOR', 'UPDATE') && !areAt(tokens, at, 'FOR', 'SHARE')) return 0;
  if (is(tokens[at + 2], 'NOWAIT')) return 3;
  return areAt(tokens, at + 2, 'SKIP', 'LOCKED') ? 4 : 2;
}

function tableOf(tokens: readonly Token[], does: RowStatement['does']): string | undefined {
  const words = { read: [], insert: ['INTO'], update: ['UPDATE'], delete: ['FROM'] }[does];
  if (words.length === 0) return undefined;
  const at = tokens.findIndex((token) => words.some((word) => is(token, word)));
  return named(tokens[at + 1]);
}

/** The columns of the outermost SELECT, by what stands there. */
function selected(tokens: readonly Token[]): SelectedColumn[] {
  if (!is(tokens[0], 'SELECT')) return [];
  let depth = 0;
  let end = tokens.length;
  for (const [at, token] of tokens.entries()) {
    if (is(token, '(')) depth += 1;
    if (is(token, ')')) depth -= 1;
    if (
      depth === 0 &&
      ['FROM', 'LIMIT', 'ORDER', 'WHERE', 'UNION', 'GROUP'].some((word) => is(token, word))
    ) {
      end = at;
      break;
    }
  }
  const from = is(tokens[1], 'DISTINCT') || is(tokens[1], 'ALL') ? 2 : 1;
  return parts(tokens.slice(from, end)).map(selectedColumn);
}

function selectedColumn(part: readonly Token[]): SelectedColumn {
  const decimal = (is(part[0], 'SUM') || is(part[0], 'AVG')) && is(part[1], '(');
  if (is(part.at(-1), '*')) return { name: undefined, decimal };
  const as = part.findLastIndex((token) => is(token, 'AS'));
  const last = part.at(-1);
  if (as >= 0 && as === part.length - 2)
    return { name: last?.kind === 'text' ? last.value : named(last), decimal };
  const before = part.at(-2);
  const isName = last?.kind === 'name' || last?.kind === 'word';
  const isAlias =
    isName && before !== undefined && (is(before, ')') || before.kind !== 'mark') && !is(last, 'END');
  if (isAlias || (isName && (part.length === 1 || is(before, '.')))) return { name: named(last), decimal };
  return { name: sourceOf(part), decimal };
}

/** As MySQL calls an expression: by what was written. */
function sourceOf(part: readonly Token[]): string {
  if (part.length === 1 && part[0]?.kind === 'text') return part[0].value;
  return part.map(({ source, spaced }, at) => (spaced && at > 0 ? ` ${source}` : source)).join('');
}

function rewritten(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  let isUpsert = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    if (areAt(tokens, at, 'ON', 'DUPLICATE', 'KEY', 'UPDATE')) {
      out.push(raw('ON CONFLICT DO UPDATE SET'));
      isUpsert = true;
      at += 3;
    } else if (isUpsert && areAt(tokens, at, 'VALUES', '(')) {
      out.push(raw(`excluded.${tokens[at + 2]?.sql}`));
      at += 3;
    } else if (is(token, 'IGNORE') && (is(tokens[at - 1], 'INSERT') || is(tokens[at - 1], 'UPDATE')))
      out.push(raw('OR IGNORE'));
    else if (token.kind === 'word' && token.value in functions && is(tokens[at + 1], '(')) {
      out.push(raw(functions[token.value] ?? token.sql));
    } else if (is(token, 'CURRENT_TIMESTAMP')) out.push(raw('mysql_now(0)'));
    else if (is(token, 'RLIKE')) out.push(raw('REGEXP'));
    else if (is(token, 'DIV')) out.push(raw('/'));
    else if (is(token, 'MOD') && !is(tokens[at + 1], '(')) out.push(raw('%'));
    else if (areAt(tokens, at - 2, 'TIMESTAMPDIFF', '(')) out.push(raw(quoted(token.value)));
    else if (is(token, 'INTERVAL')) throw notHere('INTERVAL');
    else if (is(tokens[at - 1], 'LIKE') && token.kind === 'text' && token.value.includes('\\'))
      out.push(raw(`${quoted(token.value)} ESCAPE '\\'`));
    else if (token.kind === 'text' && !is(tokens[at - 1], 'LIKE'))
      out.push(raw(quoted(plainText(token.value))));
    else if (is(token, '(') && areAt(tokens, at + 1, ')') && is(tokens[at - 1], 'VALUES')) {
      out.push(raw('DEFAULT VALUES'));
      at = afterBracket(tokens, at) - 1;
    } else out.push(token);
  }
  return out;
}

/** Elsewhere than in a pattern, `\%` keeps its backslash and `\_` too, as MySQL has it. */
const plainText = (value: string): string => value;

function raw(sql: string): Token {
  return { kind: 'mark', value: sql, sql, source: sql, spaced: true };
}
