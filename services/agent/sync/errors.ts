/**
 * What a database error means for the transaction it ended. Builds on the agent's categories and adds what only a
 * database client has to know: whether trying again helps, and whether the connection may be used again (R3.9).
 */
import { type Category, causes, classify, type Failure, type Severity } from '../shared/errors.ts';

/** `soon`: after contention; `later`: when the server or the way to it has recovered; `never`: it stays wrong. */
export type Retry = 'soon' | 'later' | 'never';

/** A failure of a database operation. `definite` means that the transaction certainly had no effect. */
export interface DatabaseFailure extends Failure {
  readonly retry: Retry;
  /** The connection that saw the error must not be used again. */
  readonly discard: boolean;
}

interface Meaning {
  readonly code: string;
  readonly severity: Severity;
  readonly retry: Retry;
  readonly discard: boolean;
  /** Default `database`. */
  readonly category?: Category;
  /** The connection is gone or about to be: a COMMIT that ends so may have taken effect. */
  readonly lost?: true;
}

/** By error number: the names differ between servers, and mysql2 knows only those of MySQL. */
const byNumber: Readonly<Record<number, Meaning>> = {
  1040: { code: 'ER_CON_COUNT_ERROR', severity: 'medium', retry: 'later', discard: true },
  1203: { code: 'ER_TOO_MANY_USER_CONNECTIONS', severity: 'medium', retry: 'later', discard: true },
  1226: { code: 'ER_USER_LIMIT_REACHED', severity: 'medium', retry: 'later', discard: true },

  1044: {
    code: 'ER_DBACCESS_DENIED_ERROR',
    severity: 'high',
    retry: 'never',
    discard: true,
    category: 'authorization',
  },
  1045: {
    code: 'ER_ACCESS_DENIED_ERROR',
    severity: 'critical',
    retry: 'never',
    discard: true,
    category: 'authentication',
  },
  1049: { code: 'ER_BAD_DB_ERROR', severity: 'high', retry: 'never', discard: true },

  1205: { code: 'ER_LOCK_WAIT_TIMEOUT', severity: 'low', retry: 'soon', discard: false },
  1213: { code: 'ER_LOCK_DEADLOCK', severity: 'low', retry: 'soon', discard: false },

  1290: { code: 'ER_OPTION_PREVENTS_STATEMENT', severity: 'medium', retry: 'later', discard: true },
  1792: {
    code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
    severity: 'medium',
    retry: 'later',
    discard: true,
  },
  1836: { code: 'ER_READ_ONLY_MODE', severity: 'medium', retry: 'later', discard: true },

  1969: {
    code: 'ER_STATEMENT_TIMEOUT',
    severity: 'medium',
    retry: 'later',
    discard: false,
    category: 'timeout',
  },
  3024: { code: 'ER_QUERY_TIMEOUT', severity: 'medium', retry: 'later', discard: false, category: 'timeout' },

  1053: { code: 'ER_SERVER_SHUTDOWN', severity: 'medium', retry: 'later', discard: true, lost: true },
  1317: { code: 'ER_QUERY_INTERRUPTED', severity: 'medium', retry: 'later', discard: true, lost: true },
  1927: { code: 'ER_CONNECTION_KILLED', severity: 'medium', retry: 'later', discard: true, lost: true },
  2006: { code: 'CR_SERVER_GONE_ERROR', severity: 'medium', retry: 'later', discard: true, lost: true },
  2013: { code: 'CR_SERVER_LOST', severity: 'medium', retry: 'later', discard: true, lost: true },
  3169: { code: 'ER_SESSION_WAS_KILLED', severity: 'medium', retry: 'later', discard: true, lost: true },
  4031: { code: 'ER_CLIENT_INTERACTION_TIMEOUT', severity: 'low', retry: 'later', discard: true, lost: true },
};

/**
 * @param committing whether COMMIT had been sent. Before that the server undoes the transaction of a connection that
 *   ends, so that every failure is definite.
 */
export function classifyDatabase(thrown: unknown, committing: boolean): DatabaseFailure {
  const failure = classify(thrown);
  const number = causes(thrown)
    .map(errnoOf)
    .find((errno) => errno !== undefined);
  const meaning = number === undefined ? undefined : byNumber[number];
  if (meaning) {
    const { code, severity, retry, discard, category = 'database', lost = false } = meaning;
    return { ...failure, code, category, severity, retry, discard, definite: !committing || !lost };
  }
  if (number !== undefined) {
    return {
      ...failure,
      category: 'database',
      severity: 'high',
      retry: 'never',
      discard: false,
      definite: true,
    };
  }
  if (isUntrustedCertificate(failure)) return { ...failure, ...untrusted, definite: true };
  if (failure.category === 'unknown' && isFatal(thrown))
    return { ...failure, ...closedState, definite: !committing };
  const connection = connectionCategories.has(failure.category) || failure.code.startsWith('PROTOCOL_');
  return {
    ...failure,
    retry: connection ? 'later' : 'never',
    discard: true,
    definite: failure.definite || !committing,
  };
}

/** mysql2 puts one code in the place of whatever a TLS handshake met; only Node's words tell a flawed certificate. */
function isUntrustedCertificate({ code, message }: Failure): boolean {
  return code === 'HANDSHAKE_SSL_ERROR' && /certificate/i.test(message);
}

const untrusted = { category: 'tls', severity: 'critical', retry: 'never', discard: true } as const;

/** mysql2 gives no code to "Can't add new command when connection is in closed state". */
const closedState = {
  code: 'PROTOCOL_CONNECTION_LOST',
  category: 'database',
  severity: 'medium',
  retry: 'later',
  discard: true,
} as const;

/** What mysql2 says of errors that end the connection. */
function isFatal(thrown: unknown): boolean {
  return thrown instanceof Error && 'fatal' in thrown && thrown.fatal === true;
}

const connectionCategories: ReadonlySet<Category> = new Set([
  'name_resolution',
  'refused',
  'reset',
  'timeout',
]);

/** Whether an insert met a row that was there already. */
export function isDuplicate(thrown: unknown): boolean {
  return causes(thrown).some((cause) => errnoOf(cause) === 1062);
}

/** The server's error number. Node's socket errors have an `errno` too, a negative one. */
function errnoOf(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !('errno' in cause)) return undefined;
  return typeof cause.errno === 'number' && cause.errno > 0 ? cause.errno : undefined;
}
