/**
 * The rows of one schema: SQLite in memory, with one transaction that changes something at a time. Whoever wants to change
 * rows meanwhile waits, first come first served; whoever only reads sees what was committed.
 *
 * That is coarser than InnoDB, which locks rows: two transactions on different rows wait for each other here, and no two
 * deadlock. What is about locks needs a world with a real database.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Clock, withDeadline } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';
import { addFunctions } from './functions.ts';
import { Remembered } from './remembered.ts';
import { fromSqlite, SqlError } from './sql-error.ts';
import type { Column, TableDeclaration } from './tables.ts';
import type { RowStatement } from './translate.ts';

/** A column of a result. */
export interface ResultColumn extends Omit<Column, 'type'> {
  readonly table: string;
  /** What it was declared as; undefined for an expression, whose values say what it is. */
  readonly type: Column['type'] | undefined;
}

/** What a statement gave. */
export type Result =
  | { readonly columns: readonly ResultColumn[]; readonly rows: readonly (readonly unknown[])[] }
  | { readonly affected: number; readonly insertId: bigint; readonly info?: string };

/** Who works in the schema: a session of the server. */
export interface Worker {
  /** Between BEGIN and its end. */
  inTransaction: boolean;
}

export interface SchemaStoreOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How long a statement waits for a lock, milliseconds. */
  readonly lockWaitMs: () => number;
}

/** Nobody may read for long, and what is behind takes memory. */
const mostBehind = 1_000;

/** A statement of SQLite that is kept, and what it gives. */
interface Kept {
  readonly statement: StatementSync;
  /** Asked for once: a table that changes its columns is dropped and made again. */
  readonly columns: ReturnType<StatementSync['columns']>;
}

const mostKept = 200;

interface Waiting {
  readonly worker: Worker;
  readonly go: () => void;
  readonly stop: (why: SqlError) => void;
}

export class SchemaStore {
  readonly name: string;
  readonly #options: SchemaStoreOptions;
  /** Where everything happens, */
  readonly #now: DatabaseSync;
  /** and what was committed, for those who read while another changes. */
  readonly #committed: DatabaseSync;
  /** What was committed and is not there yet: it is brought over when somebody reads. */
  readonly #behind: Uint8Array[] = [];
  readonly #tables = new Map<string, TableDeclaration>();
  #changes: ReturnType<DatabaseSync['createSession']> | undefined;
  #holder: Worker | undefined;
  readonly #queue: Waiting[] = [];
  readonly #kept = {
    now: new Remembered<string, Kept>(mostKept),
    committed: new Remembered<string, Kept>(mostKept),
  };

  constructor(options: SchemaStoreOptions) {
    this.name = options.name;
    this.#options = options;
    this.#now = this.#open();
    this.#committed = this.#open();
  }

  /** Makes a table in both. */
  declare(table: TableDeclaration): void {
    for (const sql of table.statements) this.#guard(sql, () => this.#both(sql));
    if (!this.#tables.has(table.name)) this.#tables.set(table.name, table);
  }

  /** Drops a table; one that is not there is an error unless `maybe`. */
  drop(name: string, maybe: boolean): void {
    if (!this.#tables.has(name)) {
      if (maybe) return;
      throw new SqlError(1051, `Unknown table '${this.name}.${name}'`);
    }
    this.#guard(name, () => this.#both(`DROP TABLE "${name}"`));
    this.#tables.delete(name);
  }

  get tables(): readonly string[] {
    return [...this.#tables.keys()];
  }

  /** Runs a statement on rows; one that changes something waits for its turn. */
  async run(worker: Worker, statement: RowStatement, values: readonly SQLInputValue[] = []): Promise<Result> {
    const { does, locks } = statement;
    if (does === 'read' && !(locks && worker.inTransaction)) {
      const isOther = this.#holder !== undefined && this.#holder !== worker;
      return this.#guard(statement.sql, () =>
        this.#read(isOther && this.#isKept(statement) ? this.#catchUp() : this.#now, statement, values),
      );
    }
    await this.#hold(worker);
    try {
      return this.#guard(statement.sql, () =>
        does === 'read' ? this.#read(this.#now, statement, values) : this.#change(statement, values),
      );
    } finally {
      if (!worker.inTransaction) this.#end(worker, 'COMMIT');
    }
  }

  /** Ends the worker's transaction, if it has changed anything. */
  commit(worker: Worker): void {
    this.#end(worker, 'COMMIT');
  }

  rollback(worker: Worker): void {
    this.#end(worker, 'ROLLBACK');
  }

  /** SAVEPOINT, ROLLBACK TO, RELEASE: nothing to do for who has changed nothing. */
  savepoint(worker: Worker, sql: string): void {
    if (this.#holder === worker) this.#guard(sql, () => this.#now.exec(sql));
  }

  /** The worker is gone: what it did not commit did not happen, and it waits for nothing. */
  leave(worker: Worker): void {
    const mine = this.#queue.filter((waiting) => waiting.worker === worker);
    for (const waiting of mine) {
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      waiting.stop(interrupted());
    }
    this.rollback(worker);
  }

  close(): void {
    this.#forget();
    this.#changes?.close();
    this.#now.close();
    this.#committed.close();
  }

  #open(): DatabaseSync {
    const database = new DatabaseSync(':memory:');
    addFunctions(database, this.#options.clock, this.#options.random);
    return database;
  }

  #both(sql: string): void {
    this.#forget();
    this.#now.exec(sql);
    this.#catchUp().exec(sql);
  }

  /** What was committed, all of it. */
  #catchUp(): DatabaseSync {
    for (const changes of this.#behind.splice(0)) this.#committed.applyChangeset(changes);
    return this.#committed;
  }

  #guard<T>(sql: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw fromSqlite(error, this.name, sql);
    }
  }

  /** Whether changes of all its tables are carried over on commit: those without a key are not. */
  #isKept({ sql }: RowStatement): boolean {
    return [...this.#tables.values()].every(({ name, hasKey }) => hasKey || !sql.includes(name));
  }

  #read(
    database: DatabaseSync,
    { sql, columns: asked }: RowStatement,
    values: readonly SQLInputValue[],
  ): Result {
    const { statement, columns } = this.#prepared(database, sql);
    return {
      columns: this.#columnsOf(columns, asked),
      rows: statement.all(...values) as unknown as unknown[][],
    };
  }

  #prepared(database: DatabaseSync, sql: string): Kept {
    const kept = database === this.#now ? this.#kept.now : this.#kept.committed;
    return kept.get(sql, () => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      statement.setReturnArrays(true);
      return { statement, columns: statement.columns() };
    });
  }

  #forget(): void {
    this.#kept.now.forget();
    this.#kept.committed.forget();
  }

  #columnsOf(found: Kept['columns'], asked: RowStatement['columns']): ResultColumn[] {
    const plain = asked.length === found.length ? asked : [];
    return found.map(({ name, table, column }, at) => {
      const declared = this.#tables.get(table ?? '')?.columns.find((one) => one.name === column);
      const given = plain[at];
      return {
        name: given?.name ?? name,
        table: table ?? '',
        type: declared?.type ?? (given?.decimal ? 'decimal' : undefined),
        digits: declared?.digits ?? 3,
        unsigned: declared?.unsigned ?? false,
      };
    });
  }

  #change({ sql, does, table = '', upserts }: RowStatement, values: readonly SQLInputValue[]): Result {
    const count = (): number => this.#count(table);
    const before = upserts ? count() : 0;
    const { statement } = this.#prepared(this.#now, sql);
    const { changes, lastInsertRowid } = statement.run(...values);
    const touched = Number(changes);
    if (does === 'update')
      return {
        affected: touched,
        insertId: 0n,
        info: `Rows matched: ${touched}  Changed: ${touched}  Warnings: 0`,
      };
    if (does === 'delete') return { affected: touched, insertId: 0n };
    const inserted = upserts ? count() - before : touched;
    const counts = this.#counts(table);
    const first = BigInt(lastInsertRowid) - BigInt(Math.max(inserted, 1)) + 1n;
    return { affected: inserted + 2 * (touched - inserted), insertId: counts && touched > 0 ? first : 0n };
  }

  #count(table: string): number {
    const [row] = this.#prepared(this.#now, `SELECT count(*) FROM "${table}"`).statement.all();
    return Number((row as unknown as readonly unknown[] | undefined)?.[0]);
  }

  /** Whether the table numbers its rows. */
  #counts(table: string): boolean {
    return this.#tables.get(table)?.statements[0]?.includes('AUTOINCREMENT') ?? false;
  }

  async #hold(worker: Worker): Promise<void> {
    if (this.#holder === undefined) this.#begin(worker);
    else if (this.#holder !== worker) await this.#turn(worker);
    if (this.#holder !== worker) throw interrupted();
  }

  #begin(worker: Worker): void {
    this.#holder = worker;
    this.#changes = this.#now.createSession();
    this.#now.exec('BEGIN');
  }

  async #turn(worker: Worker): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { worker, go: resolve, stop: reject };
    this.#queue.push(waiting);
    await withDeadline(this.#options.clock, this.#options.lockWaitMs(), promise, () => {
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      throw new SqlError(1205, 'Lock wait timeout exceeded; try restarting transaction');
    });
  }

  #end(worker: Worker, how: 'COMMIT' | 'ROLLBACK'): void {
    if (this.#holder !== worker) return;
    const changes = how === 'COMMIT' ? this.#changes?.changeset() : undefined;
    this.#changes?.close();
    this.#changes = undefined;
    this.#now.exec(how);
    if (changes !== undefined && changes.length > 0) this.#behind.push(changes);
    if (this.#behind.length >= mostBehind) this.#catchUp();
    this.#holder = undefined;
    const next = this.#queue.shift();
    if (next === undefined) return;
    // Handed over at once, so that nobody comes before the one who waited.
    this.#begin(next.worker);
    next.go();
  }
}

const interrupted = (): SqlError => new SqlError(1317, 'Query execution was interrupted');
