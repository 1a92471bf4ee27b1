/** The `local` world: what every machine with a database server has. The scenarios of a run share a database server. */
import { findDatabase, startDatabase } from '../../databases/index.ts';
import type { FoundWorld, SharedEnvironment, SharedOptions, WorldModule } from '../world-module.ts';
import { askForDatabase, type DatabaseOffer, offerDatabase } from './shared-database.ts';
import { startLocalTable } from './table.ts';

const found: FoundWorld = { startShared };

export const world: WorldModule<DatabaseOffer> = {
  name: 'local',
  subjects: 'together',
  paces: ['fast', 'real'],
  // Scenarios mostly wait: more of them than cores keeps the cores busy.
  usualWorkers: (cores) => cores * 2,
  find: async () => found,
  findAtOnce: async () => found,
  startTable: (offer, options) => startLocalTable({ ...options, database: () => askForDatabase(offer) }),
  replayFlags: () => [],
};

async function startShared({ setUp, announce, signal }: SharedOptions): Promise<SharedEnvironment> {
  const database = await offerDatabase(async () => {
    const binary = await findDatabase({ setUp, announce });
    const started = await startDatabase({ binary, announce, signal });
    announce(`database ${started.flavour} ${started.version}`);
    return started;
  });
  return {
    facts: database.offer,
    get database() {
      return database.name;
    },
    trouble: () => database.trouble(),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
