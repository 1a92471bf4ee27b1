/** Customers of the server and their tokens. */
import type { Database } from '../database.ts';

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
}

interface ClientRow {
  readonly id: string;
  readonly name: string;
  readonly is_active: number;
}

/** The client that owns `token`. */
export function findClientByToken(database: Database, token: string): Promise<Client | undefined> {
  return database.run('find_client', async (queries) => {
    const sql = 'SELECT id, name, is_active FROM clients WHERE client_token = ?';
    const [row] = await queries.rows<ClientRow>(sql, [token]);
    return row && toClient(row);
  });
}

/** All clients by their tokens. */
export function loadClients(database: Database): Promise<Map<string, Client>> {
  return database.run('load_clients', async (queries) => {
    const sql = 'SELECT id, name, is_active, client_token FROM clients';
    const rows = await queries.rows<ClientRow & { client_token: string }>(sql);
    return new Map(rows.map((row) => [row.client_token, toClient(row)]));
  });
}

function toClient(row: ClientRow): Client {
  return { id: row.id, name: row.name, isActive: row.is_active === 1 };
}
