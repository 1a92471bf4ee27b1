/**
 * Introduces the reference server to the lab: database, schema, a client with a token, certificates, the two links, and
 * the server's log in the journal.
 *
 *   subject ──agent→server──► reference server ──server→mysql──► database
 */
import { join } from 'node:path';
import type { LabDatabase, Link, Table } from 'shaketable';
import type { TlsIdentity } from '../../services/server/config.ts';
import { readConfig, type ServerConfig } from '../../services/server/config.ts';
import { type StartedServer, startServer } from '../../services/server/index.ts';

/** The name that subjects know the server by; it resolves inside the lab. */
export const serverHost = 'server.shaketable.test';

/** How the reference server differs from its defaults. */
export interface ReferenceOptions {
  /** Environment variables of the server, as an operator would set them. */
  readonly env?: Readonly<Record<string, string>>;
  /** Certificate to present; default one that the lab's authority issued for {@link serverHost}. */
  readonly tls?: TlsIdentity;
  /** A database server for this run alone, which faults may restart and misconfigure. */
  readonly ownDatabase?: boolean;
}

/** The reference server on the table. */
export interface Reference {
  readonly server: StartedServer;
  readonly database: LabDatabase;
  /** Base URL for subjects: by name, over the link. */
  readonly url: string;
  readonly link: Link;
  /** The token of an active client. It is a planted secret: no output may show it. */
  readonly token: string;
  readonly clientId: string;
  readonly config: ServerConfig;
}

/** Starts the reference server behind its links; it is stopped with the table. */
export async function startReference(table: Table, options: ReferenceOptions = {}): Promise<Reference> {
  const database = await table.database({ own: options.ownDatabase ?? false });
  const toDatabase = await table.link('server→mysql', database.server);
  const logFile = join(table.directory, 'server.log');
  const config = readConfig({
    DB_HOST: toDatabase.host,
    DB_PORT: String(toDatabase.port),
    DB_USER: database.schema.user,
    DB_PASSWORD: database.schema.password,
    DB_NAME: database.schema.database,
    DB_CA_FILE: database.server.caFile,
    PORT: '0',
    LOG_LEVEL: 'debug',
    ...options.env,
  });
  const tls = options.tls ?? (await serverIdentity(table));
  table.follow('server', logFile);
  const server = table.serve(await startServer({ config, clock: table.clock, log: logFile, tls }));
  const client = await addClient(table, database);
  const link = await table.link('agent→server', { host: '127.0.0.1', port: server.port });
  return { server, database, url: `https://${serverHost}:${link.port}`, link, ...client, config };
}

/** Starts a second server on the same database, with another certificate and a link of its own. */
export async function startTwin(
  table: Table,
  reference: Reference,
  { linkName, tls }: { linkName: string; tls: TlsIdentity },
): Promise<{ url: string }> {
  const log = join(table.directory, `${linkName}.log`);
  table.follow('server', log);
  const { config } = reference;
  const server = table.serve(await startServer({ config, clock: table.clock, log, tls, migrate: false }));
  const link = await table.link(linkName, { host: '127.0.0.1', port: server.port });
  return { url: `https://${serverHost}:${link.port}` };
}

async function serverIdentity(table: Table): Promise<TlsIdentity> {
  const { chainPem, keyPem } = await table.authority.issue({ hosts: [serverHost, 'localhost', '127.0.0.1'] });
  return { cert: chainPem, key: keyPem };
}

/** A client account with a token that nobody else has. */
async function addClient(table: Table, database: LabDatabase): Promise<{ clientId: string; token: string }> {
  const draw = table.random.fork('client');
  const digits = Array.from({ length: 32 }, () => Math.floor(draw.next() * 36).toString(36)).join('');
  const [clientId, token] = [`client-${digits.slice(0, 8)}`, `tok${digits}`];
  table.plantSecret('client token', token);
  await database.server.query(
    `INSERT INTO ${database.schema.database}.clients (id, name, email, client_token, is_active) VALUES (?, ?, ?, ?, 1)`,
    [clientId, 'Example Ltd', 'fleet@example.test', token],
  );
  return { clientId, token };
}
