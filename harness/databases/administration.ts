/**
 * What an administrator does on a running server: schemas for runs, statements, and connections killed as an operator
 * would. One connection as root is kept and made again when the server comes back; it verifies the certificate.
 */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { LabError } from '../errors.ts';
import type { Flavour } from './database-binary.ts';

const connectMs = 10_000;

/** All that is needed to use a server from another process; JSON. */
export interface DatabaseFacts {
  readonly flavour: Flavour;
  readonly version: string;
  readonly host: string;
  readonly port: number;
  readonly rootUser: string;
  readonly rootPassword: string;
  /** The certificate to verify the server against, as a file and as its content. The server is `localhost` and 127.0.0.1. */
  readonly caFile: string;
  readonly caPem: string;
}

/** A schema and the user who may do everything in it, and nothing outside. */
export interface Schema {
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** A row by column name. */
export type Row = Record<string, unknown>;

/** Whose connections are meant: those of a user or those that use a database. */
export type ConnectionOwner = { user: string } | { database: string };

/** Administers one server. */
export interface Administration {
  /**
   * Runs one statement as root. A statement without a result set gives one row, with `affectedRows` and `insertId`.
   * Errors are mysql2's own: `code`, `errno`, `sqlState`.
   */
  query(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Makes a schema and its user, with random names unless `name` is given. */
  createSchema(name?: string): Promise<Schema>;
  /** Drops both, if they are there. */
  dropSchema(schema: Pick<Schema, 'database' | 'user'>): Promise<void>;
  /** Kills connections, which see a reset or error 1053, 1317 or 1927, and returns how many there were. */
  killConnections(owner: ConnectionOwner): Promise<number>;
  /** Closes the administrator's own connection. */
  close(): Promise<void>;
}

/** Connects lazily: nothing happens before the first statement. `dial` is for a server that is in this process. */
export function administer(facts: DatabaseFacts, dial?: () => Duplex): Administration {
  let connecting: Promise<Connection> | undefined;
  const way = () => (dial === undefined ? overTls(facts) : { stream: dial(), connectTimeout: 0 });
  const connection = (): Promise<Connection> => {
    connecting ??= connect(facts, way, () => {
      connecting = undefined;
    });
    return connecting;
  };
  const query = async (sql: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const [result] = await (await connection()).query(sql, [...values]);
    return (Array.isArray(result) ? result : [result]) as Row[];
  };
  return {
    query,
    createSchema: (name) => createSchema(query, name),
    async dropSchema({ database, user }) {
      await query('DROP DATABASE IF EXISTS ??', [database]);
      await query("DROP USER IF EXISTS ?@'%'", [user]);
    },
    killConnections: (owner) => killConnections(query, owner),
    async close() {
      const open = await connecting?.catch(() => undefined);
      connecting = undefined;
      open?.destroy();
    },
  };
}

type Query = Administration['query'];

/** Over the network, where a server is only believed by its certificate. */
const overTls = ({ host, port, caPem }: DatabaseFacts): ConnectionOptions => ({
  host,
  port,
  ssl: { ca: caPem, verifyIdentity: true },
  connectTimeout: connectMs,
});

async function connect(
  { rootUser: user, rootPassword: password }: DatabaseFacts,
  way: () => ConnectionOptions,
  onLost: () => void,
): Promise<Connection> {
  try {
    const connection = await createConnection({ ...way(), user, password });
    connection.on('error', onLost);
    connection.on('end', onLost);
    // A scenario that has idle connections closed does not mean this one.
    await connection.query('SET SESSION wait_timeout = 2147483');
    return connection;
  } catch (error) {
    onLost();
    throw error;
  }
}

async function createSchema(query: Query, name?: string): Promise<Schema> {
  const word = (): string => `lab${randomBytes(6).toString('hex')}`;
  const schema = { database: name ?? word(), user: word(), password: randomBytes(18).toString('base64url') };
  if (!/^[A-Za-z0-9_]{1,64}$/.test(schema.database)) {
    throw new LabError('LAB_BAD_INPUT', `"${schema.database}" cannot be the name of a schema`, {
      hint: 'Use letters, digits and underscores, 64 at most.',
    });
  }
  await query('CREATE DATABASE ?? CHARACTER SET utf8mb4', [schema.database]);
  await query("CREATE USER ?@'%' IDENTIFIED BY ?", [schema.user, schema.password]);
  // In a grant the name is a pattern, where an underscore stands for any character.
  await query("GRANT ALL ON ??.* TO ?@'%'", [schema.database.replaceAll('_', '\\_'), schema.user]);
  return schema;
}

async function killConnections(query: Query, owner: ConnectionOwner): Promise<number> {
  const processes = await query('SHOW PROCESSLIST');
  const meant = processes.filter((row) =>
    'user' in owner ? row.User === owner.user : row.db === owner.database,
  );
  let killed = 0;
  for (const { Id: id } of meant) {
    killed += await query('KILL CONNECTION ?', [id]).then(() => 1, countMissing);
  }
  return killed;
}

/** ER_NO_SUCH_THREAD: the connection went by itself meanwhile. */
function countMissing(error: { errno?: number }): 0 {
  if (error.errno !== 1094) throw error;
  return 0;
}
