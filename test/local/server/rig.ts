/**
 * A reference server with all that a test needs around it: a schema of its own in a throwaway database, a
 * certificate, a client that verifies it, raw TLS connections, and the log as it is written.
 */
import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { Agent, request } from 'undici';
import { afterAll, beforeAll } from 'vitest';
import { WebSocket } from 'ws';
import { findDatabase, type StartedDatabase, startDatabase } from '../../../harness/databases/index.ts';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { type Clock, systemClock } from '../../../proxy/core/clock.ts';
import { readConfig } from '../../../services/server/config.ts';
import { type StartedServer, startServer } from '../../../services/server/index.ts';
import { createLogSink, type LogSink } from './log-sink.ts';

/** The tokens of an active client, of another one, and of one that is switched off. */
export const tokens = Object.freeze({
  acme: 'abc12345-0000-1111-2222-33334444xyz9',
  other: 'def12345-0000-1111-2222-33334444uvw8',
  inactive: 'off12345-0000-1111-2222-33334444rst7',
});

export interface RigOptions {
  /** Environment variables of the server. */
  env?: Record<string, string>;
  clock?: Clock;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS';
  /** Default: the active client's; null sends none. */
  token?: string | null;
  headers?: Record<string, string>;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

export interface Rig extends AsyncDisposable {
  server: StartedServer;
  log: LogSink;
  /** Sends a request over a pooled connection that verifies the certificate. */
  call(path: string, options?: Call): Promise<Answer>;
  /** Rows of the server's own schema. */
  sql(statement: string, values?: (string | number | Date)[]): Promise<Record<string, unknown>[]>;
  /** An open TLS connection to send raw bytes on. */
  dial(): Promise<TLSSocket>;
  /** A WebSocket that is being opened. */
  webSocket(path?: string, headers?: Record<string, string>): WebSocket;
  databaseUser: string;
  /** The authority of the server’s certificate, PEM. */
  authority: string;
  /** Access to the server’s schema, as `mysql://user:password@host:port/schema`. */
  databaseUrl: string;
}

/** A database for the tests of one file. */
export function useDatabase(settings: Record<string, string> = {}): () => StartedDatabase {
  let database: StartedDatabase | undefined;
  beforeAll(async () => {
    database = await startDatabase({ binary: await findDatabase({}), settings });
  });
  afterAll(() => database?.stop());
  return () => {
    if (database === undefined) throw new Error('the database is started before the first test');
    return database;
  };
}

export async function startRig(
  database: StartedDatabase,
  { env = {}, clock }: RigOptions = {},
): Promise<Rig> {
  await using started = new AsyncDisposableStack();
  const schema = await database.createSchema();
  const authority = await createAuthority({ name: 'Rig', now: Date.now() });
  const { chainPem, keyPem } = await authority.issue({ hosts: ['127.0.0.1'] });
  const log = createLogSink();
  const config = readConfig({
    DB_HOST: database.host,
    DB_PORT: String(database.port),
    DB_USER: schema.user,
    DB_PASSWORD: schema.password,
    DB_NAME: schema.database,
    DB_CA_FILE: database.caFile,
    PORT: '0',
    LOG_LEVEL: 'debug',
    // On a fast clock a minute is short, and a client goes by the seconds that a server announces; tests of a bound set it.
    DB_OPERATION_TIMEOUT: '3600',
    KEEP_ALIVE_TIMEOUT: '3600',
    ...env,
  });
  const server = started.use(
    await startServer({
      config,
      clock: clock ?? systemClock(),
      log,
      tls: { cert: chainPem, key: keyPem },
    }),
  );

  const connection = await createConnection({
    host: database.host,
    port: database.port,
    user: schema.user,
    password: schema.password,
    database: schema.database,
    ssl: { ca: database.caPem },
    timezone: 'Z',
  });
  started.defer(() => connection.destroy());
  await connection.query('INSERT INTO clients (id, name, email, client_token, is_active) VALUES ?', [
    [
      ['acme', 'Acme', 'a@acme.example', tokens.acme, 1],
      ['other', 'Other', 'b@other.example', tokens.other, 1],
      ['inactive', 'Inactive', 'c@inactive.example', tokens.inactive, 0],
    ],
  ]);

  const agent = new Agent({ connect: { ca: authority.certPem }, connections: 50 });
  started.defer(() => agent.destroy());
  const bearer = (token: string | null = tokens.acme) =>
    token === null ? {} : { authorization: `Bearer ${token}` };
  const sockets = started.adopt(new Set<TLSSocket | WebSocket>(), (open) => {
    for (const socket of open) socket instanceof WebSocket ? socket.terminate() : socket.destroy();
  });
  const disposal = started.move();

  return {
    server,
    log,
    databaseUser: schema.user,
    authority: authority.certPem,
    databaseUrl: `mysql://${schema.user}:${schema.password}@${database.host}:${database.port}/${schema.database}`,

    async call(path, { method, token, headers = {}, body } = {}) {
      const isText = typeof body === 'string';
      const response = await request(server.url + path, {
        dispatcher: agent,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...bearer(token),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : isText ? body : JSON.stringify(body),
      });
      const text = await response.body.text();
      return {
        status: response.statusCode,
        headers: response.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
    },

    async sql(statement, values = []) {
      const [rows] = await connection.query<RowDataPacket[]>(statement, values);
      return rows;
    },

    async dial() {
      const socket = connectTls({ host: server.host, port: server.port, ca: authority.certPem });
      socket.on('error', () => {});
      sockets.add(socket);
      await once(socket, 'secureConnect');
      return socket;
    },

    webSocket(path = '/ws', headers = bearer()) {
      const socket = new WebSocket(`${server.url.replace('https', 'wss')}${path}`, {
        ca: authority.certPem,
        headers,
      });
      socket.on('error', () => {});
      sockets.add(socket);
      return socket;
    },

    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
