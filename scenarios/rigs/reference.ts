/**
 * Introduces the reference server to the lab: database, schema, a client with a token, certificates, the two links, and
 * the server's log in the journal.
 *
 *   subject ──agent→server──► reference server ──server→mysql──► database
 */
import { randomUUID } from 'node:crypto';
import { request } from 'node:https';
import { json } from 'node:stream/consumers';
import type { LabDatabase, Link, ServiceProgram, StartedService, Table } from 'shaketable';
import { readConfig, type TlsIdentity } from '../../services/server/config.ts';
import { startServer } from '../../services/server/index.ts';
import type { WebSocketStatistics } from '../../services/server/websocket/statistics.ts';
import { referenceImage } from '../images.ts';

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
  /** The subject's link answers TLS itself, so that toxics see the HTTP or WebSocket inside. */
  readonly linkAnswersTls?: boolean;
  /** The server speaks plain HTTP. */
  readonly withoutTls?: boolean;
  /** The server speaks to its database without TLS, so that no run spends its time on that. */
  readonly plainDatabase?: boolean;
}

/** The reference server on the table. */
export interface Reference {
  readonly server: StartedService;
  readonly database: LabDatabase;
  /** Base URL for subjects: by name, over the link. */
  readonly url: string;
  readonly link: Link;
  /** The token of an active client. It is a planted secret: no output may show it. */
  readonly token: string;
  readonly clientId: string;
  /** What the server runs with. */
  readonly program: ServiceProgram;
  /** What the server counts of its router, asked for beside the link. */
  webSocketStatistics(): Promise<WebSocketStatistics>;
}

/** Starts the reference server behind its links; it is stopped with the table. */
export async function startReference(table: Table, options: ReferenceOptions = {}): Promise<Reference> {
  const database = await table.database({ own: options.ownDatabase ?? false });
  const toDatabase = await table.link('server→mysql', database.server, { client: 'service' });
  const env = {
    DB_HOST: toDatabase.host,
    DB_PORT: String(toDatabase.port),
    DB_USER: database.schema.user,
    DB_PASSWORD: database.schema.password,
    DB_NAME: database.schema.database,
    LOG_LEVEL: 'debug',
    ...options.env,
  };
  const identity = options.withoutTls ? {} : tlsFiles(options.tls ?? (await serverIdentity(table)));
  const trust = options.plainDatabase ? {} : { DB_CA_FILE: database.server.caPem };
  const program = referenceServer(env, { ...trust, ...identity });
  const server = await table.service('server', program);
  const client = table.token ? { clientId: '', token: table.token } : await addClient(table, database);
  const link = await table.link('agent→server', server, { tls: options.linkAnswersTls ?? false });
  return {
    server,
    database,
    url: `${options.withoutTls ? 'http' : 'https'}://${serverHost}:${link.port}`,
    link,
    ...client,
    program,
    webSocketStatistics: () => askStatistics(table, server, client.token),
  };
}

/** Starts a second server on the same database, with another certificate and a link of its own. */
export async function startTwin(
  table: Table,
  { program }: Reference,
  { linkName, tls }: { linkName: string; tls: TlsIdentity },
): Promise<{ url: string }> {
  const files = { ...program.files, ...tlsFiles(tls) };
  const server = await table.service(linkName, { ...program, files, args: ['--no-migrate'] });
  const link = await table.link(linkName, server);
  return { url: `https://${serverHost}:${link.port}` };
}

/** The reference server as the lab starts it: in this process, or of the image that services/Dockerfile makes. */
function referenceServer(env: Record<string, string>, files: Record<string, string>): ServiceProgram {
  return {
    env,
    files,
    image: referenceImage,
    inProcess({ env: given, args, clock, log }) {
      const config = readConfig({ ...given, PORT: given.PORT ?? '0' });
      return startServer({ config, clock, log, migrate: !args.includes('--no-migrate') });
    },
  };
}

function tlsFiles({ cert, key }: TlsIdentity): Record<string, string> {
  return { TLS_CERT_FILE: cert, TLS_KEY_FILE: key };
}

async function serverIdentity(table: Table): Promise<TlsIdentity> {
  const { chainPem, keyPem } = await table.authority.issue({ hosts: [serverHost, 'localhost', '127.0.0.1'] });
  table.plantSecret('private key of the server', keyLine(keyPem));
  return { cert: chainPem, key: keyPem };
}

/** The line of a PEM file that no other key has: the first of several says what kind of key it is (RFC 5958). */
function keyLine(keyPem: string): string {
  const lines = keyPem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  return lines[1] ?? lines[0] ?? keyPem;
}

function askStatistics(
  table: Table,
  { host, port }: StartedService,
  token: string,
): Promise<WebSocketStatistics> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocketStatistics>();
  const headers = { authorization: `Bearer ${token}`, connection: 'close' };
  const ca = table.authority.certPem;
  request(
    { host, port, servername: serverHost, ca, agent: false, path: '/api/ws/stats', headers },
    (answer) => json(answer).then((body) => resolve(body as WebSocketStatistics), reject),
  )
    .on('error', reject)
    .end();
  return promise;
}

function drawDigits(table: Table): string {
  const draw = table.random.fork('client');
  return Array.from({ length: 32 }, () => Math.floor(draw.next() * 36).toString(36)).join('');
}

/** A client account with a token that nobody else has. */
async function addClient(table: Table, database: LabDatabase): Promise<{ clientId: string; token: string }> {
  // Ids of the seed would be those of an earlier run.
  const digits = database.keepsRows ? randomUUID().replaceAll('-', '') : drawDigits(table);
  const [clientId, token] = [`client-${digits.slice(0, 8)}`, `tok${digits}`];
  table.plantSecret('client token', token);
  await database.server.query(
    `INSERT INTO ${database.schema.database}.clients (id, name, email, client_token, is_active) VALUES (?, ?, ?, ?, 1)`,
    [clientId, 'Example Ltd', 'fleet@example.test', token],
  );
  return { clientId, token };
}
