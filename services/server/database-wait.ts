/** Waits for a database that is still starting, and says what to verify when it cannot be used. */
import type { Clock } from '../clock.ts';
import type { DatabaseConfig } from './config.ts';
import { type Database, DatabaseError, openDatabase } from './database.ts';

export interface DatabaseWaitOptions {
  readonly clock: Clock;
  /** Longest time to wait for a database that does not answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called once, when the first attempt has failed. */
  onWaiting(reason: string): void;
}

const retryMs = 1000;

/** Resolves when the database answers. Rejects with a `DatabaseUnusableError`, or with the signal's reason. */
export async function waitForDatabase(config: DatabaseConfig, options: DatabaseWaitOptions): Promise<void> {
  const { clock, timeoutMs, signal, onWaiting } = options;
  const database = openDatabase(config, clock);
  const deadline = clock.now() + timeoutMs;
  try {
    for (let attempt = 1; ; attempt += 1) {
      const failure = await probe(database, Math.min(timeoutMs, 10_000));
      if (failure === undefined) return;
      const isFinal = isRefusal(failure) || clock.now() + retryMs > deadline;
      if (isFinal) throw new DatabaseUnusableError(config, failure);
      if (attempt === 1) onWaiting(`database ${nameOf(config)}: ${failure.message}`);
      await clock.sleep(retryMs, signal);
    }
  } finally {
    await database.close();
  }
}

async function probe(database: Database, timeoutMs: number): Promise<DatabaseError | undefined> {
  try {
    await database.ping(timeoutMs);
    return undefined;
  } catch (error) {
    return DatabaseError.from('connect', error);
  }
}

/** The database cannot be used as configured; the message says which, why, and what to verify. */
export class DatabaseUnusableError extends Error {
  override readonly name = 'DatabaseUnusableError';
  readonly code: string;

  constructor(config: DatabaseConfig, failure: DatabaseError) {
    super(
      `Database ${nameOf(config)} cannot be used: ${failure.message} (${failure.code})\nVerify ${toVerify(failure)}.`,
      { cause: failure },
    );
    this.code = failure.code;
  }
}

function nameOf({ host, port, name, user }: DatabaseConfig): string {
  return `"${name}" at ${host}:${port} as "${user}"`;
}

/** Answers of a database that is up: waiting does not change them. */
const refusals: Readonly<Record<string, string>> = Object.freeze({
  ER_ACCESS_DENIED_ERROR: 'DB_USER and DB_PASSWORD',
  ER_DBACCESS_DENIED_ERROR: 'that DB_USER has rights on DB_NAME',
  ER_BAD_DB_ERROR: 'DB_NAME, or create the database',
  HANDSHAKE_NO_SSL_SUPPORT: 'DB_CA_FILE: the database does not speak TLS',
  HANDSHAKE_SSL_ERROR: 'DB_CA_FILE: it must hold the authority that signed the certificate of the database',
});

const unreachable: Readonly<Record<string, string>> = Object.freeze({
  ENOTFOUND: 'the name in DB_HOST',
  EAI_AGAIN: 'the name in DB_HOST, and that name resolution works',
  ECONNREFUSED: 'that the database runs, and DB_HOST and DB_PORT',
});

function isRefusal({ code }: DatabaseError): boolean {
  return code in refusals;
}

function toVerify({ code }: DatabaseError): string {
  return (
    refusals[code] ?? unreachable[code] ?? 'that the database runs, DB_HOST, DB_PORT, and the network between'
  );
}
