/** Errors as a MySQL server answers them, and what SQLite's failures are called there. */

/** An error that the client gets. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly errno: number;
  readonly sqlState: string;

  constructor(errno: number, message: string) {
    super(message);
    this.errno = errno;
    this.sqlState = sqlStates[errno] ?? 'HY000';
  }
}

/** SQLSTATE by error number, where it is not the general one (MySQL reference, server error reference). */
const sqlStates: Readonly<Record<number, string>> = {
  1040: '08004',
  1044: '42000',
  1045: '28000',
  1046: '3D000',
  1048: '23000',
  1049: '42000',
  1050: '42S01',
  1051: '42S02',
  1053: '08S01',
  1054: '42S22',
  1062: '23000',
  1064: '42000',
  1146: '42S02',
  1213: '40001',
  1235: '42000',
  1305: '42000',
  1317: '70100',
  1406: '22001',
  1451: '23000',
  1452: '23000',
  3140: '22032',
};

/** What this database does not understand is said so, with the way out. */
export function notHere(what: string): SqlError {
  return new SqlError(
    1235,
    `The database in memory does not know ${what}; a world with a real database does, as --world local`,
  );
}

/** How each failure of SQLite is recognised; the first that matches counts. */
const translations: readonly (readonly [
  RegExp,
  (found: RegExpExecArray, schema: string, sql: string) => SqlError,
])[] = [
  [/UNIQUE constraint failed: (.+)/, (found) => new SqlError(1062, `Duplicate entry for key '${found[1]}'`)],
  [
    /NOT NULL constraint failed: \w+\.(\w+)/,
    (found) => new SqlError(1048, `Column '${found[1]}' cannot be null`),
  ],
  [
    /CHECK constraint failed: too_long_(\w+)/,
    (found) => new SqlError(1406, `Data too long for column '${found[1]}' at row 1`),
  ],
  [
    /CHECK constraint failed: enum_(\w+)/,
    (found) => new SqlError(1265, `Data truncated for column '${found[1]}' at row 1`),
  ],
  [
    /CHECK constraint failed: json_(\w+)/,
    (found) => new SqlError(3140, `Invalid JSON text in column '${found[1]}'`),
  ],
  [
    /CHECK constraint failed: time_(\w+)/,
    (found) => new SqlError(1292, `Incorrect datetime value for column '${found[1]}' at row 1`),
  ],
  [
    /CHECK constraint failed: range_(\w+)/,
    (found) => new SqlError(1264, `Out of range value for column '${found[1]}' at row 1`),
  ],
  [
    /cannot store \w+ value in \w+ column \w+\.(\w+)/,
    (found) => new SqlError(1366, `Incorrect value for column '${found[1]}' at row 1`),
  ],
  [
    /FOREIGN KEY constraint failed/,
    (_, __, sql) =>
      /^\s*(?:INSERT|REPLACE)/i.test(sql)
        ? new SqlError(1452, 'Cannot add or update a child row: a foreign key constraint fails')
        : new SqlError(1451, 'Cannot delete or update a parent row: a foreign key constraint fails'),
  ],
  [
    /no such table: (?:main\.)?(\S+)/,
    (found, schema) => new SqlError(1146, `Table '${schema}.${found[1]}' doesn't exist`),
  ],
  [
    /(?:no such column: |has no column named )(\S+)/,
    (found) => new SqlError(1054, `Unknown column '${found[1]}' in 'field list'`),
  ],
  [/table "?(\w+)"? already exists/, (found) => new SqlError(1050, `Table '${found[1]}' already exists`)],
  [/no such function: (\w+)/, (found) => notHere(`the function ${found[1]}`)],
];

/** The error that MySQL would give for what SQLite threw. */
export function fromSqlite(error: unknown, schema: string, sql: string): SqlError {
  if (error instanceof SqlError) return error;
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, make] of translations) {
    const found = pattern.exec(message);
    if (found) return make(found, schema, sql);
  }
  return new SqlError(
    1064,
    `You have an error in your SQL syntax, or it is beyond the database in memory: ${message} in ${sql.slice(0, 200)}`,
  );
}
