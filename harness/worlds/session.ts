/**
 * A session of the administrator's own in a schema: for faults that keep a transaction open.
 */
import { createConnection } from 'mysql2/promise';
import type { DatabaseFacts } from '../databases/index.ts';
import type { DatabaseSession } from '../faults/fault.ts';

/** Connects as root, with the certificate verified. */
export async function openSession(facts: DatabaseFacts, database: string): Promise<DatabaseSession> {
  const connection = await createConnection({
    host: facts.host,
    port: facts.port,
    user: facts.rootUser,
    password: facts.rootPassword,
    database,
    ssl: { ca: facts.caPem, verifyIdentity: true },
  });
  // A killed session is what some faults are about; the next statement reports it.
  connection.on('error', () => {});
  return { query: (sql) => connection.query(sql), close: async () => connection.destroy() };
}
