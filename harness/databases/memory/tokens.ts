/**
 * MySQL's SQL as tokens (reference manual, "Language structure"), each with how SQLite spells it. Literals are read with
 * MySQL's escapes, which SQLite does not have.
 */
import { SqlError } from './sql-error.ts';

export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'mark' | 'variable';
  /** A word in upper case; a name or a text as it is meant; a mark or a number as it is written. */
  readonly value: string;
  /** As SQLite has to see it. */
  readonly sql: string;
  /** As it was written. */
  readonly source: string;
  /** Whether there was space before it. */
  readonly spaced: boolean;
}

const pattern =
  /(?<space>\s+|--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)|(?<hex>[xX]'[0-9a-fA-F]*'|0x[0-9a-fA-F]+)|(?<word>[A-Za-z_][\w$]*)|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?<text>'(?:[^'\\]+|\\[\s\S]|'')*'|"(?:[^"\\]+|\\[\s\S]|"")*")|(?<name>`(?:[^`]|``)*`)|(?<variable>@@?[\w.$]+)|(?<mark><=>|->>|->|<>|!=|<=|>=|:=|&&|\|\||<<|>>|[-+*/%(),.;=<>?!&|^~@])/y;

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
  // Kept for LIKE.
  '%': '\\%',
  _: '\\_',
};

/** Takes `sql` apart. @throws SqlError 1064 where it is no SQL */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let spaced = false;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < sql.length) {
    const from = pattern.lastIndex;
    const found = pattern.exec(sql);
    if (!found?.groups)
      throw new SqlError(1064, `You have an error in your SQL syntax near '${sql.slice(from, from + 40)}'`);
    const token = tokenOf(found.groups, found[0], spaced);
    spaced = token === undefined;
    if (token) tokens.push(token);
  }
  return tokens;
}

function tokenOf(
  groups: Record<string, string | undefined>,
  source: string,
  spaced: boolean,
): Token | undefined {
  const { word, number, text, name, hex, variable, mark } = groups;
  const plain = { source, spaced };
  if (word !== undefined) {
    const value = word.toUpperCase();
    return { ...plain, kind: 'word', value, sql: notReserved.has(value) ? `"${word}"` : word };
  }
  if (number !== undefined) return { ...plain, kind: 'number', value: number, sql: number };
  if (text !== undefined) return textToken(unescaped(text), plain);
  if (name !== undefined) return nameToken(name.slice(1, -1).replaceAll('``', '`'), plain);
  if (hex !== undefined) return { ...plain, kind: 'number', value: hex, sql: blob(hex) };
  if (variable !== undefined)
    return { ...plain, kind: 'variable', value: variable.toLowerCase(), sql: variable };
  if (mark !== undefined) return { ...plain, kind: 'mark', value: mark, sql: marks[mark] ?? mark };
  return undefined;
}

/** Words that SQLite reserves, and that are names in MySQL. */
const notReserved: ReadonlySet<string> = new Set(
  `ABORT ATTACH AUTOINCREMENT CONFLICT DEFERRABLE DEFERRED DETACH EXCLUDE EXCLUSIVE FAIL GLOB IMMEDIATE INDEXED INITIALLY INSTEAD
  ISNULL MATERIALIZED NOTHING NOTNULL OTHERS PLAN PRAGMA QUERY RAISE REINDEX RETURNING TEMP TIES TRANSACTION VACUUM VIEW WITHOUT`.split(
    /\s+/,
  ),
);

/** What MySQL writes otherwise. */
const marks: Readonly<Record<string, string>> = { '<=>': ' IS ', '&&': ' AND ', '||': ' OR ', '!': ' NOT ' };

type Place = Pick<Token, 'source' | 'spaced'>;

function textToken(value: string, place: Place): Token {
  return { ...place, kind: 'text', value, sql: quoted(value) };
}

function nameToken(value: string, place: Place): Token {
  return { ...place, kind: 'name', value, sql: `"${value.replaceAll('"', '""')}"` };
}

/** A text as a literal of SQLite, which ends at a NUL unless it comes as bytes. */
export function quoted(text: string): string {
  if (text.includes('\0')) return `CAST(x'${Buffer.from(text).toString('hex')}' AS TEXT)`;
  return `'${text.replaceAll("'", "''")}'`;
}

function unescaped(literal: string): string {
  const quote = literal[0] ?? "'";
  return literal.slice(1, -1).replace(/\\([\s\S])|''|""/g, (whole, escaped: string | undefined) => {
    if (escaped !== undefined) return escapes[escaped] ?? escaped;
    return whole[0] === quote ? quote : whole;
  });
}

function blob(hex: string): string {
  const digits = hex.startsWith('0x') ? hex.slice(2) : hex.slice(2, -1);
  return `x'${digits.length % 2 === 0 ? digits : `0${digits}`}'`;
}

/** Whether the token is this word or mark. */
export const is = (token: Token | undefined, value: string): boolean =>
  token !== undefined && (token.kind === 'word' || token.kind === 'mark') && token.value === value;

/** Whether the tokens from `at` on are these words or marks. */
export const areAt = (tokens: readonly Token[], at: number, ...values: string[]): boolean =>
  values.every((value, index) => is(tokens[at + index], value));

/** What a token names; undefined for one that is no name. */
export const named = (token: Token | undefined): string | undefined =>
  token?.kind === 'name' ? token.value : token?.kind === 'word' ? token.source : undefined;

/** The index after the bracket that closes the one at `open`. */
export function afterBracket(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (is(tokens[at], '(')) depth += 1;
    if (is(tokens[at], ')')) depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw new SqlError(1064, 'You have an error in your SQL syntax: a bracket is not closed');
}

/** Splits at the commas that are in no bracket. */
export function parts(tokens: readonly Token[]): Token[][] {
  const split: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (is(token, '(')) depth += 1;
    if (is(token, ')')) depth -= 1;
    if (depth === 0 && is(token, ',')) split.push([]);
    else split.at(-1)?.push(token);
  }
  return split.filter((part) => part.length > 0);
}

/** Tokens as SQLite reads them. */
export const joined = (tokens: readonly Token[]): string => tokens.map(({ sql }) => sql).join(' ');
