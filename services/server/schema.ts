/**
 * Brings a database to the server's schema. The tables themselves stand in `schema.sql`, to be read and run by
 * hand.
 */
import { readFileSync } from 'node:fs';

/** The little that is needed of a database connection or pool. */
export interface SchemaTarget {
  query(sql: string): Promise<unknown>;
}

/** Creates the tables that are missing. May be run again, and by two servers at once. */
export async function applySchema(connection: SchemaTarget): Promise<void> {
  for (const statement of schemaStatements()) await connection.query(statement);
}

function schemaStatements(): string[] {
  const sql = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8');
  return sql
    .replaceAll(/^--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
