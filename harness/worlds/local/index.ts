/** The `local` world: what every machine with a database server has. The scenarios of a run share the database server. */
import {
  type DatabaseFacts,
  diskFailure,
  findDatabase,
  type StartedDatabase,
  startDatabase,
} from '../../databases/index.ts';
import type { FoundWorld, SharedEnvironment, SharedOptions, WorldModule } from '../world-module.ts';
import { startLocalTable } from './table.ts';

const found: FoundWorld = { startShared };

export const world: WorldModule<DatabaseFacts | undefined> = {
  name: 'local',
  subjects: 'together',
  paces: ['fast', 'real'],
  // Scenarios mostly wait: more of them than cores keeps the cores busy.
  usualWorkers: (cores) => cores * 2,
  find: async () => found,
  findAtOnce: async () => found,
  startTable: (database, options) => startLocalTable({ ...options, database }),
  replayFlags: () => [],
};

async function startShared(options: SharedOptions): Promise<SharedEnvironment> {
  const { needsDatabase, setUp, announce, signal } = options;
  if (!needsDatabase) return nothingShared;
  const binary = await findDatabase({ setUp, announce });
  const database = await startDatabase({ binary, announce, signal });
  return {
    facts: factsOf(database),
    database: `${database.flavour} ${database.version}`,
    trouble: () => diskFailure(database.log()),
    [Symbol.asyncDispose]: () => database.stop(),
  };
}

/** For a run in which no scenario uses the database. */
const nothingShared: SharedEnvironment = {
  facts: undefined,
  database: 'none',
  trouble: () => undefined,
  [Symbol.asyncDispose]: async () => {},
};

/** What of a server its users need; a started one carries more than JSON can. */
function factsOf(database: StartedDatabase): DatabaseFacts {
  const { flavour, version, host, port, rootUser, rootPassword, caFile, caPem } = database;
  return { flavour, version, host, port, rootUser, rootPassword, caFile, caPem };
}
