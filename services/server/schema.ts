/**
 * Brings a database to the server's schema. The tables themselves stand in `schema.sql`, to be read and run by
 * hand.
 */
import { readFile } from 'node:fs/promises';

/** The little that is needed of a database connection or pool. */
export interface SchemaTarget {
  query(sql: string): Promise<unknown>;
}

/** Creates the tables that are missing. May be run again, and by two servers at once. */
export async function applySchema(connection: SchemaTarget): Promise<void> {
  for (const statement of await schemaStatements()) await connection.query(statement);
}

async function schemaStatements(): Promise<string[]> {
  const sql = await readFile(new URL('./schema.sql', import.meta.url), 'utf8');
  return sql
    .replaceAll(/^--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
