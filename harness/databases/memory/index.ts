/**
 * A database in memory that speaks MySQL's protocol on streams that it is given: for worlds without processes and without
 * time of their own. Its SQL is what MySQL and SQLite have in common, translated; a statement beyond that is an error that
 * says so. It has no row locks and no deadlocks.
 *
 *   mysql2 client ◄─stream─► connection ─► session ─► statement, translated ─► schema store (SQLite, in memory)
 */
import { type Duplex, duplexPair } from 'node:stream';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Clock } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';
import { type Administration, administer, type DatabaseFacts, type Schema } from '../administration.ts';
import type { RestartOptions, ServerControl } from '../running-server.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import { Remembered } from './remembered.ts';
import { SchemaStore } from './schema-store.ts';
import { SqlError } from './sql-error.ts';

export interface MemoryDatabaseOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Where clients find it: an address of the world's network. */
  readonly host: string;
  readonly port: number;
  /** Its certificate and who vouches for that; left out, it speaks no TLS. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Server variables, as `{ max_connections: '5' }`; with dashes or underscores. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The database. Disposal ends its connections and forgets its rows. */
export interface MemoryDatabase
  extends DatabaseFacts,
    Omit<Administration, 'close'>,
    ServerControl,
    AsyncDisposable {
  /** Serves a client on `stream`; one that comes while the server is away is turned away. */
  attach(stream: Duplex): void;
}

const version = '8.4.0-memory';
const rootUser = 'root';

export function createMemoryDatabase(options: MemoryDatabaseOptions): MemoryDatabase {
  const server = new MemoryServer(options);
  const { host, port, tls, random } = options;
  const facts: DatabaseFacts = {
    flavour: 'mysql',
    version,
    host,
    port,
    rootUser,
    rootPassword: server.rootPassword,
    caFile: '',
    caPem: tls?.ca ?? '',
  };
  const { close, ...administration } = administer(facts, () => {
    const [near, far] = duplexPair();
    server.attach(far, 'always');
    return near;
  });
  const names = random.fork('schemas');
  return {
    ...facts,
    ...administration,
    async createSchema(name) {
      const schema: Schema = {
        database: name ?? word(names),
        user: word(names),
        password: word(names) + word(names),
      };
      server.createSchema(schema.database, false);
      server.addUser(schema.user, schema.password);
      return schema;
    },
    attach: (stream) => server.attach(stream),
    restart: (how) => server.restart(how),
    freeze: async () => server.freeze(),
    thaw: async () => server.thaw(),
    async [Symbol.asyncDispose]() {
      await close();
      server.close();
    },
  };
}

/** A name of the lab's, drawn. */
const word = (random: Random): string =>
  `lab${Array.from({ length: 12 }, () => Math.floor(random.next() * 16).toString(16)).join('')}`;

/** The variables that are asked for, with MySQL's own values. */
const usual = {
  max_connections: '151',
  wait_timeout: '28800',
  innodb_lock_wait_timeout: '50',
  read_only: 'OFF',
  autocommit: 'ON',
  sql_mode: 'STRICT_TRANS_TABLES',
  transaction_isolation: 'READ-COMMITTED',
};

class MemoryServer implements ConnectionHost {
  readonly version = version;
  readonly rootPassword: string;
  readonly schemas = new Map<string, SchemaStore>();
  readonly translated: ConnectionHost['translated'] = new Remembered(500);
  readonly variables: Map<string, string>;
  readonly speaksTls: boolean;
  #secureContext: SecureContext | undefined;
  readonly #options: MemoryDatabaseOptions;
  readonly #random: Random;
  readonly #users = new Map<string, string>();
  readonly #connections = new Map<number, Connection>();
  #made = 0;
  #away = false;
  #thawed: PromiseWithResolvers<void> | undefined;

  constructor(options: MemoryDatabaseOptions) {
    this.#options = options;
    this.#random = options.random.fork('server');
    const settings = Object.entries(options.settings ?? {}).map(
      ([name, value]) => [name.replaceAll('-', '_'), value] as const,
    );
    this.variables = new Map([...Object.entries(usual), ...settings]);
    this.rootPassword = word(options.random.fork('root'));
    this.#users.set(rootUser, this.rootPassword);
    this.speaksTls = options.tls !== undefined;
    // Statements without a table need some place.
    this.createSchema('mysql', true);
  }

  /** Made when a client asks for it: most speak without. */
  get secureContext(): SecureContext {
    const { cert, key } = this.#options.tls ?? {};
    this.#secureContext ??= createSecureContext({ cert, key });
    return this.#secureContext;
  }

  /** `always`: an administrator gets in, however many there are and whatever the server is at. */
  attach(stream: Duplex, when?: 'always'): void {
    stream.on('error', () => {});
    if (this.#away && when === undefined) return void stream.destroy();
    const isFull = this.#connections.size >= Number(this.variables.get('max_connections'));
    const refusal = when === undefined && isFull ? new SqlError(1040, 'Too many connections') : undefined;
    const connection = new Connection(this, ++this.#made, stream, refusal);
    if (when === undefined && refusal === undefined) this.#connections.set(connection.id, connection);
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection.id);
  }

  createSchema(name: string, maybe: boolean): void {
    if (this.schemas.has(name)) {
      if (maybe) return;
      throw new SqlError(1007, `Can't create database '${name}'; database exists`);
    }
    const { clock } = this.#options;
    const random = this.#random.fork(name);
    const lockWaitMs = (): number => Number(this.variables.get('innodb_lock_wait_timeout')) * 1_000;
    this.translated.forget();
    this.schemas.set(name, new SchemaStore({ name, clock, random, lockWaitMs }));
  }

  dropSchema(name: string, maybe: boolean): void {
    const schema = this.schemas.get(name);
    if (schema === undefined && !maybe)
      throw new SqlError(1008, `Can't drop database '${name}'; database doesn't exist`);
    schema?.close();
    this.translated.forget();
    this.schemas.delete(name);
  }

  addUser(name: string, password: string): void {
    this.#users.set(name, password);
  }

  dropUser(name: string): void {
    this.#users.delete(name);
  }

  passwordOf(user: string): string | undefined {
    return this.#users.get(user);
  }

  scramble(): Buffer {
    return Buffer.from(Array.from({ length: 20 }, () => 33 + Math.floor(this.#random.next() * 90)));
  }

  kill(id: number): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) throw new SqlError(1094, `Unknown thread id: ${id}`);
    connection.end();
  }

  processes(): readonly (readonly unknown[])[] {
    return [...this.#connections.values()].map(({ process }) => process);
  }

  status(): ReadonlyMap<string, string> {
    return new Map([
      ['Threads_connected', String(this.#connections.size)],
      ['Connections', String(this.#made)],
    ]);
  }

  sleep(ms: number): Promise<void> {
    return this.#options.clock.sleep(ms);
  }

  async working(): Promise<void> {
    await this.#thawed?.promise;
  }

  freeze(): void {
    this.#thawed ??= Promise.withResolvers();
  }

  thaw(): void {
    this.#thawed?.resolve();
    this.#thawed = undefined;
  }

  async restart({ downMs = 0, graceful = true }: RestartOptions = {}): Promise<void> {
    this.#away = true;
    const farewell = graceful ? new SqlError(1053, 'Server shutdown in progress') : undefined;
    for (const connection of [...this.#connections.values()]) connection.end(farewell);
    if (downMs > 0) await this.#options.clock.sleep(downMs);
    this.#away = false;
  }

  close(): void {
    this.thaw();
    this.#away = true;
    for (const connection of [...this.#connections.values()]) connection.end();
    for (const schema of this.schemas.values()) schema.close();
    this.schemas.clear();
  }
}
