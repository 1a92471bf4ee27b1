/**
 * The database of one subject's run: a schema in the server that all runs share, or a server of its own.
 */

import type { Row } from '../databases/index.ts';
import { LabError } from '../errors.ts';
import type { LabDatabase, Table } from './table.ts';

/** Where a world's databases come from. */
export interface DatabaseSource {
  /** The server that all runs share, for this one to use. */
  shared(): Promise<LabDatabase['server']>;
  /** The schema to use in the shared server; left out, each run gets one of its own. */
  readonly schema?: LabDatabase['schema'];
  /** A server for one run alone, which it may restart, freeze and misconfigure. */
  own(settings: Readonly<Record<string, string>>): Promise<LabDatabase['server']>;
}

export interface DatabaseHolder {
  /** The run's database, made at the first call. */
  readonly open: Table['database'];
  /** The database that was opened. @throws LabError `LAB_BAD_INPUT` when none was. */
  need(): LabDatabase;
  /** Runs a statement in which `{schema}` is the run's schema and `:now` is `epochMs`. */
  query(sql: string, epochMs: number): Promise<Row[]>;
}

/** Holds the database of one run; what it starts is given back with `resources`. */
export function holdDatabase(source: DatabaseSource, resources: AsyncDisposableStack): DatabaseHolder {
  let opened: Promise<LabDatabase> | undefined;
  let database: LabDatabase | undefined;

  const need = (): LabDatabase => {
    if (database) return database;
    throw new LabError('LAB_BAD_INPUT', 'The scenario asks something of its database before it has one', {
      hint: 'Call table.database() first, or give a fault on the database a later trigger.',
    });
  };
  return {
    need,
    async open({ own = false, settings = {} } = {}) {
      opened ??= own ? ownServer(resources, source, settings) : sharedSchema(resources, source);
      database = await opened;
      return database;
    },
    query(sql, epochMs) {
      const { server, schema } = need();
      return server.query(sql.replaceAll('{schema}', schema.database).replaceAll(':now', sqlTime(epochMs)));
    },
  };
}

async function ownServer(
  resources: AsyncDisposableStack,
  source: DatabaseSource,
  settings: Record<string, string>,
): Promise<LabDatabase> {
  const server = resources.use(await source.own(settings));
  return { server, schema: await server.createSchema(), keepsRows: false };
}

/** A schema in the server that all runs share; dropped afterwards. */
async function sharedSchema(resources: AsyncDisposableStack, source: DatabaseSource): Promise<LabDatabase> {
  const server = resources.use(await source.shared());
  if (source.schema) return { server, schema: source.schema, keepsRows: true };
  const schema = await server.createSchema();
  resources.defer(() => server.dropSchema(schema));
  return { server, schema, keepsRows: false };
}

/** A moment as SQL writes it: `'2026-11-22 05:02:34.123'`, UTC. */
function sqlTime(epochMs: number): string {
  return `'${new Date(epochMs).toISOString().slice(0, 23).replace('T', ' ')}'`;
}
