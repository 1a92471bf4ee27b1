/**
 * `CREATE TABLE` of MySQL as one of SQLite: strict columns, with what MySQL's types refuse written as constraints, and the
 * MySQL type of each column, which results are described with.
 */
import { notHere, SqlError } from './sql-error.ts';
import { afterBracket, areAt, is, joined, named, parts, quoted, type Token } from './tokens.ts';

/** What a client is told of a column. */
export type ColumnType = 'integer' | 'double' | 'decimal' | 'text' | 'bytes' | 'datetime' | 'json';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Digits after the second, of a time. */
  readonly digits: number;
  readonly unsigned: boolean;
}

/** A table as it was declared. */
export interface TableDeclaration {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly hasKey: boolean;
  /** What SQLite runs to make it; nothing where it was there already. */
  readonly statements: readonly string[];
}

const integers: Readonly<Record<string, readonly [bigint, bigint]>> = {
  TINYINT: [-(2n ** 7n), 2n ** 8n],
  BOOLEAN: [-(2n ** 7n), 2n ** 8n],
  BOOL: [-(2n ** 7n), 2n ** 8n],
  SMALLINT: [-(2n ** 15n), 2n ** 16n],
  MEDIUMINT: [-(2n ** 23n), 2n ** 24n],
  INT: [-(2n ** 31n), 2n ** 32n],
  INTEGER: [-(2n ** 31n), 2n ** 32n],
  BIGINT: [-(2n ** 63n), 2n ** 63n],
};
const texts: Readonly<Record<string, number>> = {
  CHAR: 1,
  VARCHAR: 65_535,
  TINYTEXT: 255,
  TEXT: 65_535,
  MEDIUMTEXT: 2 ** 24 - 1,
  LONGTEXT: 2 ** 32 - 1,
};

/** Reads what stands behind `CREATE TABLE [IF NOT EXISTS] name`. */
export function declareTable(name: string, tokens: readonly Token[], maybe: boolean): TableDeclaration {
  if (!is(tokens[0], '(')) throw notHere('CREATE TABLE without columns');
  const columns: Column[] = [];
  const lines: string[] = [];
  const indexes: string[] = [];
  let hasKey = false;
  for (const part of parts(tokens.slice(1, afterBracket(tokens, 0) - 1))) {
    const key = keyOf(name, part, indexes.length);
    if (key) {
      hasKey ||= key.primary;
      if (key.line !== undefined) lines.push(key.line);
      if (key.index !== undefined) indexes.push(key.index);
      continue;
    }
    const { column, line, primary } = columnOf(part);
    hasKey ||= primary;
    columns.push(column);
    // Constraints of the table come after all columns.
    lines.splice(columns.length - 1, 0, line);
  }
  const table = `CREATE TABLE ${maybe ? 'IF NOT EXISTS ' : ''}"${name}" (${lines.join(', ')}) STRICT`;
  return { name, columns, hasKey, statements: [table, ...indexes] };
}

interface Key {
  readonly primary: boolean;
  readonly line?: string;
  readonly index?: string;
}

/** A key or a constraint of the table; undefined for a column. */
function keyOf(table: string, part: readonly Token[], index: number): Key | undefined {
  let at = 0;
  if (is(part[at], 'CONSTRAINT')) at += is(part[at + 1], 'FOREIGN') || is(part[at + 1], 'UNIQUE') ? 1 : 2;
  if (areAt(part, at, 'PRIMARY', 'KEY'))
    return { primary: true, line: `PRIMARY KEY ${columnList(part, at + 2)}` };
  if (areAt(part, at, 'FOREIGN', 'KEY')) return { primary: false, line: joined(part.slice(at)) };
  if (is(part[at], 'CHECK')) return { primary: false, line: joined(part.slice(at)) };
  const unique = is(part[at], 'UNIQUE');
  const plain = unique ? at + 1 : at;
  const hasWord = is(part[plain], 'KEY') || is(part[plain], 'INDEX');
  if (!unique && !hasWord) return undefined;
  let rest = hasWord ? plain + 1 : plain;
  const name = is(part[rest], '(') ? `index_${index}` : (named(part[rest]) ?? `index_${index}`);
  if (!is(part[rest], '(')) rest += 1;
  const list = columnList(part, rest);
  const kind = unique ? 'UNIQUE INDEX' : 'INDEX';
  return { primary: false, index: `CREATE ${kind} IF NOT EXISTS "${table}.${name}" ON "${table}" ${list}` };
}

/** `(a, b(10) DESC)` without the lengths. */
function columnList(part: readonly Token[], open: number): string {
  const columns = parts(part.slice(open + 1, afterBracket(part, open) - 1));
  return `(${columns.map(([column]) => column?.sql).join(', ')})`;
}

function columnOf(part: readonly Token[]): { column: Column; line: string; primary: boolean } {
  const [first, typeToken] = part;
  const name = named(first);
  if (first === undefined || name === undefined || typeToken?.kind !== 'word')
    throw new SqlError(1064, `You have an error in your SQL syntax near '${joined(part).slice(0, 40)}'`);
  const type = typeToken.value;
  const hasArguments = is(part[2], '(');
  const end = hasArguments ? afterBracket(part, 2) : 2;
  const given = hasArguments ? part.slice(3, end - 1) : [];
  const options = part.slice(end);
  const has = (...words: string[]): boolean => options.some((_, at) => areAt(options, at, ...words));
  const unsigned = has('UNSIGNED');
  const primary = has('PRIMARY', 'KEY');
  const counts = has('AUTO_INCREMENT');
  const spelt = spellType(first.sql, name, type, given, { unsigned, options });
  const line = [first.sql, counts ? 'INTEGER PRIMARY KEY AUTOINCREMENT' : spelt.sql];
  if (!counts && primary) line.push('PRIMARY KEY');
  if (has('UNIQUE')) line.push('UNIQUE');
  // A key is never NULL, which SQLite has to be told.
  if (has('NOT', 'NULL') || (primary && !counts)) line.push('NOT NULL');
  const standard = defaultOf(options);
  if (standard !== undefined) line.push(`DEFAULT ${standard}`);
  if (!counts && spelt.check !== undefined) line.push(spelt.check);
  const digits = type === 'DATETIME' || type === 'TIMESTAMP' ? Number(given[0]?.value ?? 0) : 0;
  return { column: { name, type: spelt.type, digits, unsigned }, line: line.join(' '), primary };
}

interface Spelt {
  readonly type: ColumnType;
  readonly sql: string;
  readonly check?: string;
}

function spellType(
  sql: string,
  name: string,
  type: string,
  given: readonly Token[],
  { unsigned, options }: { unsigned: boolean; options: readonly Token[] },
): Spelt {
  const check = (rule: string, condition: string): string =>
    `CONSTRAINT ${rule}_${name} CHECK (${condition})`;
  const range = integers[type];
  if (range) {
    const [least, most] = unsigned ? [0n, range[1]] : [range[0], -range[0]];
    // The widest has the range of SQLite's own integers.
    if (type === 'BIGINT')
      return {
        type: 'integer',
        sql: 'INTEGER',
        ...(unsigned ? { check: check('range', `${sql} >= 0`) } : {}),
      };
    return {
      type: 'integer',
      sql: 'INTEGER',
      check: check('range', `${sql} >= ${least} AND ${sql} < ${most}`),
    };
  }
  const longest = texts[type];
  if (longest !== undefined) {
    const length = Number(given[0]?.value ?? longest);
    const exact = options.some(
      ({ value, kind }) => kind === 'word' && (/_BIN$/.test(value) || value === 'BINARY'),
    );
    const collation = exact ? 'BINARY' : 'NOCASE';
    return {
      type: 'text',
      sql: `TEXT COLLATE ${collation}`,
      check: check('too_long', `length(${sql}) <= ${length}`),
    };
  }
  if (type === 'ENUM') {
    const values = given.filter(({ kind }) => kind === 'text').map(({ value }) => quoted(value));
    return {
      type: 'text',
      sql: 'TEXT COLLATE NOCASE',
      check: check('enum', `${sql} IN (${values.join(', ')})`),
    };
  }
  if (type === 'JSON') return { type: 'json', sql: 'TEXT', check: check('json', `json_valid(${sql})`) };
  if (type === 'DATETIME' || type === 'TIMESTAMP')
    return {
      type: 'datetime',
      sql: 'TEXT',
      check: check('time', `${sql} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'`),
    };
  if (type === 'DATE' || type === 'TIME') return { type: 'text', sql: 'TEXT' };
  if (type === 'DOUBLE' || type === 'FLOAT' || type === 'REAL') return { type: 'double', sql: 'REAL' };
  if (type === 'DECIMAL' || type === 'NUMERIC') return { type: 'decimal', sql: 'REAL' };
  if (/BLOB$|BINARY$/.test(type)) return { type: 'bytes', sql: 'BLOB' };
  throw notHere(`the column type ${type}`);
}

function defaultOf(options: readonly Token[]): string | undefined {
  const at = options.findIndex((token) => is(token, 'DEFAULT'));
  const value = options[at + 1];
  if (at < 0 || value === undefined) return undefined;
  if (/^(CURRENT_TIMESTAMP|NOW)$/.test(value.value)) return '(mysql_now(3))';
  if (is(value, '-')) return `-${options[at + 2]?.sql}`;
  if (is(value, '(')) return joined(options.slice(at + 1, afterBracket(options, at + 1)));
  return value.sql;
}
