/** One client of the server: its schema, its transaction, its variables, and the statements that are about those. */
import type { SQLInputValue } from 'node:sqlite';
import { Remembered } from './remembered.ts';
import type { Result, ResultColumn, SchemaStore, Worker } from './schema-store.ts';
import { notHere, SqlError } from './sql-error.ts';
import { declareTable } from './tables.ts';
import { areAt, is, named, type Token, tokensOf } from './tokens.ts';
import { isOnRows, type RowStatement, translate } from './translate.ts';

/** What a session needs of its server. */
export interface SessionHost {
  readonly version: string;
  schemas: ReadonlyMap<string, SchemaStore>;
  createSchema(name: string, maybe: boolean): void;
  dropSchema(name: string, maybe: boolean): void;
  addUser(name: string, password: string): void;
  dropUser(name: string): void;
  /** Ends the session with this number. @throws SqlError 1094 when there is none */
  kill(id: number): void;
  /** What the sessions are at, as SHOW PROCESSLIST has it. */
  processes(): readonly (readonly unknown[])[];
  /** Global variables and counters, by name. */
  readonly variables: Map<string, string>;
  status(): ReadonlyMap<string, string>;
  sleep(ms: number): Promise<void>;
  /** Statements on rows, by what a client wrote: most come again and again. */
  readonly translated: Remembered<string, RowStatement>;
}

/** Statements of MySQL that this database does not have. */
const isVerb =
  /^(ALTER|CALL|CHECK|DEALLOCATE|DESC|DESCRIBE|DO|EXECUTE|EXPLAIN|HANDLER|IMPORT|INSTALL|LOAD|LOCK|OPTIMIZE|PREPARE|RENAME|RESET|REVOKE|UNLOCK|XA)$/;

/** A statement in parts. The array is shared. */
const taken = new Remembered<string, readonly Token[]>(500);

function partsOf(sql: string): readonly Token[] {
  const tokens = tokensOf(sql);
  return is(tokens.at(-1), ';') ? tokens.slice(0, -1) : tokens;
}

const done: Result = { affected: 0, insertId: 0n };

export class Session implements Worker {
  readonly id: number;
  readonly user: string;
  readonly #host: SessionHost;
  readonly #variables = new Map<string, string>();
  #schema: string | undefined;
  #autocommit = true;
  #lastInsertId = 0n;
  inTransaction = false;

  constructor(host: SessionHost, id: number, user: string) {
    this.#host = host;
    this.id = id;
    this.user = user;
  }

  get schema(): string | undefined {
    return this.#schema;
  }

  /** Goes to a schema. @throws SqlError 1049 when there is none of that name */
  use(schema: string): void {
    if (!this.#host.schemas.has(schema)) throw new SqlError(1049, `Unknown database '${schema}'`);
    this.#schema = schema;
  }

  /** Runs one statement. @throws SqlError */
  async run(sql: string, values: readonly SQLInputValue[] = []): Promise<Result> {
    const tokens = taken.get(sql, () => partsOf(sql));
    if (tokens.length === 0) throw new SqlError(1065, 'Query was empty');
    if (tokens.some((token) => is(token, ';'))) throw notHere('several statements at once');
    if (isOnRows(tokens)) return this.#onRows(sql, tokens, values);
    return this.#administer(tokens);
  }

  /** Gives up what is not committed. */
  leave(): void {
    for (const store of this.#host.schemas.values()) store.leave(this);
    this.inTransaction = false;
  }

  async #onRows(sql: string, given: readonly Token[], values: readonly SQLInputValue[]): Promise<Result> {
    const sleeps = sleepIn(given);
    if (sleeps !== undefined) await this.#host.sleep(sleeps * 1_000);
    const tokens = given.map((token, at) => this.#known(given, token, at));
    const translated = (): RowStatement => translate(withoutUsed(tokens), new Set(this.#host.schemas.keys()));
    const isOfSession = tokens.some((token, at) => token !== given[at]);
    const statement = isOfSession ? translated() : this.#host.translated.get(sql, translated);
    const name = statement.schema ?? this.#schema;
    if (name === undefined && statement.does === 'read' && !given.some((token) => is(token, 'FROM')))
      return this.#store([...this.#host.schemas.keys()][0]).run(this, statement, values);
    const store = this.#store(name);
    if (!this.#autocommit) this.inTransaction = true;
    const result = await store.run(this, statement, values);
    if ('insertId' in result && result.insertId > 0n) this.#lastInsertId = result.insertId;
    return result;
  }

  /** What only the session knows stands in the statement as a value. */
  #known(tokens: readonly Token[], token: Token, at: number): Token {
    const value = (sql: string): Token => ({ ...token, kind: 'number', value: sql, sql });
    const text = (words: string | undefined): Token =>
      value(words === undefined ? 'NULL' : `'${words.replaceAll("'", "''")}'`);
    if (token.kind === 'variable') return text(this.#variable(token.value));
    if (token.kind !== 'word' || !areAt(tokens, at + 1, '(', ')')) return token;
    if (token.value === 'VERSION') return text(this.#host.version);
    if (token.value === 'DATABASE' || token.value === 'SCHEMA') return text(this.#schema);
    if (token.value === 'USER' || token.value === 'CURRENT_USER') return text(`${this.user}@%`);
    if (token.value === 'CONNECTION_ID') return value(String(this.id));
    if (token.value === 'LAST_INSERT_ID') return value(String(this.#lastInsertId));
    return token;
  }

  #variable(written: string): string | undefined {
    const name = written.replace(/^@@?(?:session\.|global\.)?/, '');
    if (name === 'autocommit') return this.#autocommit ? '1' : '0';
    if (name === 'version') return this.#host.version;
    return this.#variables.get(name) ?? this.#host.variables.get(name);
  }

  #store(name: string | undefined): SchemaStore {
    const store = name === undefined ? undefined : this.#host.schemas.get(name);
    if (store === undefined) throw new SqlError(1046, 'No database selected');
    return store;
  }

  #administer(tokens: readonly Token[]): Result | Promise<Result> {
    const verb = tokens[0]?.value ?? '';
    const act = this.#acts[verb];
    if (act === undefined && isVerb.test(verb)) throw notHere(`the statement ${verb}`);
    if (act === undefined) throw new SqlError(1064, `You have an error in your SQL syntax near '${verb}'`);
    return act(tokens) ?? done;
  }

  readonly #acts: Readonly<
    Record<string, (tokens: readonly Token[]) => Result | Promise<Result> | undefined>
  > = {
    BEGIN: () => this.#begin(),
    START: () => this.#begin(),
    COMMIT: () => this.#finish('commit'),
    ROLLBACK: (tokens) => (is(tokens[1], 'TO') ? this.#savepoint(tokens) : this.#finish('rollback')),
    SAVEPOINT: (tokens) => this.#savepoint(tokens),
    RELEASE: (tokens) => this.#savepoint(tokens),
    SET: (tokens) => this.#set(tokens),
    USE: (tokens) => void this.use(named(tokens[1]) ?? ''),
    SHOW: (tokens) => this.#show(tokens),
    KILL: (tokens) => void this.#host.kill(Number(tokens.at(-1)?.value)),
    CREATE: (tokens) => this.#create(tokens),
    DROP: (tokens) => this.#drop(tokens),
    TRUNCATE: (tokens) => this.run(`DELETE FROM \`${named(tokens.at(-1)) ?? ''}\``),
    GRANT: () => undefined,
    FLUSH: () => undefined,
    ANALYZE: () => undefined,
  };

  #begin(): undefined {
    this.#finish('commit');
    this.inTransaction = true;
  }

  #finish(how: 'commit' | 'rollback'): undefined {
    for (const store of this.#host.schemas.values()) store[how](this);
    this.inTransaction = false;
  }

  #savepoint(tokens: readonly Token[]): undefined {
    for (const store of this.#host.schemas.values())
      store.savepoint(this, tokens.map(({ sql }) => sql).join(' '));
  }

  #set(tokens: readonly Token[]): undefined {
    const isGlobal = is(tokens[1], 'GLOBAL');
    const at = tokens.findIndex((token) => is(token, '=') || is(token, ':='));
    if (at < 0) return;
    const name = (tokens[at - 1]?.source ?? '').toLowerCase().replace(/^@@?(?:session\.|global\.)?/, '');
    const value = tokens
      .slice(at + 1)
      .map((token) => token.value)
      .join('');
    if (name === 'autocommit') {
      this.#autocommit = !/^(0|OFF|FALSE)$/i.test(value);
      if (this.#autocommit) this.#finish('commit');
    } else (isGlobal ? this.#host.variables : this.#variables).set(name, value);
  }

  #show(tokens: readonly Token[]): Result {
    const like = tokens.findIndex((token) => is(token, 'LIKE'));
    const pattern = like < 0 ? '%' : (tokens[like + 1]?.value ?? '%');
    const wanted = new RegExp(`^${RegExp.escape(pattern).replaceAll('%', '.*').replaceAll('_', '.')}$`, 'i');
    const pairs = (of: Iterable<readonly [string, string]>): Result => ({
      columns: [plain('Variable_name'), plain('Value')],
      rows: [...of].filter(([name]) => wanted.test(name)),
    });
    const has = (word: string): boolean => tokens.some((token) => is(token, word));
    if (has('PROCESSLIST'))
      return {
        columns: ['Id', 'User', 'Host', 'db', 'Command', 'Time', 'State', 'Info'].map(plain),
        rows: this.#host.processes(),
      };
    if (has('STATUS')) return pairs(this.#host.status());
    if (has('VARIABLES')) return pairs([...this.#host.variables, ...(has('GLOBAL') ? [] : this.#variables)]);
    if (has('DATABASES') || has('SCHEMAS'))
      return { columns: [plain('Database')], rows: [...this.#host.schemas.keys()].map((name) => [name]) };
    if (has('TABLES')) {
      const store = this.#store(this.#schema);
      return { columns: [plain(`Tables_in_${store.name}`)], rows: store.tables.map((name) => [name]) };
    }
    if (has('WARNINGS')) return { columns: ['Level', 'Code', 'Message'].map(plain), rows: [] };
    throw notHere(`SHOW ${tokens[1]?.value ?? ''}`);
  }

  #create(tokens: readonly Token[]): undefined {
    const maybe = areAt(tokens, 2, 'IF', 'NOT', 'EXISTS');
    const at = maybe ? 5 : 2;
    const name = named(tokens[at]) ?? '';
    if (is(tokens[1], 'DATABASE') || is(tokens[1], 'SCHEMA')) this.#host.createSchema(name, maybe);
    else if (is(tokens[1], 'USER')) this.#host.addUser(tokens[at]?.value ?? '', userPassword(tokens));
    else if (is(tokens[1], 'TABLE')) {
      // MySQL commits before it makes a table.
      this.#finish('commit');
      const { schema, table, next } = this.#place(tokens, at);
      this.#store(schema).declare(declareTable(table, tokens.slice(next), maybe));
    } else throw notHere(`CREATE ${tokens[1]?.value ?? ''}`);
  }

  #drop(tokens: readonly Token[]): undefined {
    const maybe = areAt(tokens, 2, 'IF', 'EXISTS');
    const at = maybe ? 4 : 2;
    if (is(tokens[1], 'DATABASE') || is(tokens[1], 'SCHEMA'))
      this.#host.dropSchema(named(tokens[at]) ?? '', maybe);
    else if (is(tokens[1], 'USER')) this.#host.dropUser(tokens[at]?.value ?? '');
    else if (is(tokens[1], 'TABLE')) {
      this.#finish('commit');
      const { schema, table } = this.#place(tokens, at);
      this.#store(schema).drop(table, maybe);
    } else throw notHere(`DROP ${tokens[1]?.value ?? ''}`);
  }

  #place(tokens: readonly Token[], at: number): { schema: string | undefined; table: string; next: number } {
    const first = named(tokens[at]) ?? '';
    if (!is(tokens[at + 1], '.')) return { schema: this.#schema, table: first, next: at + 1 };
    return { schema: first, table: named(tokens[at + 2]) ?? '', next: at + 3 };
  }
}

/** A column that is no table's. */
export const plain = (name: string): ResultColumn => ({
  name,
  table: '',
  type: undefined,
  digits: 0,
  unsigned: false,
});

/** `CREATE USER name@'%' IDENTIFIED BY 'password'`. */
function userPassword(tokens: readonly Token[]): string {
  const at = tokens.findIndex((token) => is(token, 'BY'));
  return tokens[at + 1]?.value ?? '';
}

/** The seconds of `SLEEP(n)`. */
function sleepIn(tokens: readonly Token[]): number | undefined {
  const at = tokens.findIndex((_, index) => areAt(tokens, index, 'SLEEP', '('));
  return at < 0 ? undefined : Number(tokens[at + 2]?.value);
}

/** Without the brackets of what became a value, and with what `SLEEP` gives in its place. */
function withoutUsed(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    out.push(areAt(tokens, at, 'SLEEP', '(') ? { ...token, kind: 'number', value: '0', sql: '0' } : token);
    if (areAt(tokens, at, 'SLEEP', '(')) at += 3;
    else if (token.kind === 'number' && areAt(tokens, at + 1, '(', ')')) at += 2;
  }
  return out;
}
