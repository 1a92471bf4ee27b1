/** Does the database answer from here, and has it the tables? Asked only where the user named one. */
import { type ConnectionOptions, createConnection } from 'mysql2';
import { bounded, codeOf, tooLate } from '../bounded.ts';
import { broken, brokenForNow, type Finding, holds, type Step, type StepContext, skipped } from '../step.ts';
import type { DatabaseTarget } from '../target.ts';

export const databaseStep: Step = { id: 'database', look };

/** What the rest of the diagnosis reads. */
const tables = ['agents', 'clients'];

async function look(context: StepContext): Promise<Finding> {
  const { target, known, clock, timeoutMs, signal, resources } = context;
  const { database } = target;
  if (database === undefined) return skipped('give --db to look at it');
  const connection = createConnection(optionsOf(database));
  resources.defer(() => connection.destroy());
  // Each statement reports its own failure; without a listener the loss of an idle connection would end the program.
  connection.on('error', () => {});
  const client = connection.promise();
  try {
    const rows = await bounded(clock, timeoutMs, signal, async () => {
      await client.connect();
      const [found] = await client.query(
        'SELECT LOWER(table_name) AS name FROM information_schema.tables WHERE table_schema = ? AND table_name IN (?)',
        [database.schema, tables],
      );
      return found as { name: string }[];
    });
    if (rows === tooLate)
      return brokenForNow(
        `${placeOf(database)} does not answer within ${timeoutMs / 1_000} s`,
        'Check firewalls on the way, and whether the database hangs',
      );
    const missing = tables.filter((table) => !rows.some(({ name }) => name === table));
    if (missing.length > 0)
      return broken(
        `The schema ${database.schema} has no table ${missing.join(' and no table ')}`,
        'Name the schema that the server uses; a server that is started makes its tables',
      );
  } catch (error) {
    signal.throwIfAborted();
    return explain(database, codeOf(error));
  }
  known.database = client as unknown as NonNullable<typeof known.database>;
  if (known.databaseDown)
    return broken(
      `${placeOf(database)} answers from here, and the server says that it does not reach its database`,
      'Compare host, user and schema in the configuration of the server with --db, and check the network between the two',
    );
  return holds(`${placeOf(database)}, schema ${database.schema}`);
}

function optionsOf({ host, port, user, password, schema, ca }: DatabaseTarget): ConnectionOptions {
  return {
    host,
    port,
    user,
    password,
    database: schema,
    timezone: 'Z',
    // Ours is the bound, and it tells what was waited for.
    connectTimeout: 0,
    ...(ca === undefined ? {} : { ssl: { ca, rejectUnauthorized: true, verifyIdentity: true } }),
  };
}

const placeOf = ({ host, port }: DatabaseTarget): string =>
  `The database at ${host.includes(':') ? `[${host}]` : host}:${port}`;

function explain(database: DatabaseTarget, code: string): Finding {
  const place = placeOf(database);
  const user = `'${database.user}'`;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return broken(`The name ${database.host} in --db does not resolve`, 'Check its spelling, and DNS');
    case 'ECONNREFUSED':
      return brokenForNow(
        `${place} refuses connections: nothing listens there`,
        'Start the database, or correct host and port',
      );
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR':
      return broken(
        `${place} denies access to the user ${user}`,
        'Check user and password (%XX for what is no letter or digit), and that the user may come from this machine: SHOW GRANTS',
      );
    case 'ER_DBACCESS_DENIED_ERROR':
    case 'ER_TABLEACCESS_DENIED_ERROR':
      return broken(
        `${place} denies the user ${user} the schema ${database.schema}`,
        'GRANT SELECT on the schema to the user, or name another schema',
      );
    case 'ER_BAD_DB_ERROR':
      return broken(
        `${place} has no schema ${database.schema}`,
        'Correct its name; SHOW DATABASES lists them',
      );
    case 'ER_HOST_NOT_PRIVILEGED':
    case 'ER_HOST_IS_BLOCKED':
      return broken(
        `${place} takes no connection from this machine (${code})`,
        'Allow this host, or mysqladmin flush-hosts',
      );
    case 'ER_CON_COUNT_ERROR':
    case 'ER_USER_LIMIT_REACHED':
    case 'ER_TOO_MANY_USER_CONNECTIONS':
      return brokenForNow(
        `${place} has no connection left (${code})`,
        'See who holds them: SHOW PROCESSLIST',
      );
    case 'HANDSHAKE_SSL_ERROR':
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return broken(
        `TLS with ${place[0]?.toLowerCase()}${place.slice(1)} fails (${code})`,
        'Give the authority of its certificate with --db-ca',
      );
    default:
      return brokenForNow(`${place} cannot be used (${code})`, 'Look at the log of the database');
  }
}
