/** Starts a table in whichever world a run takes place. */

import type { DatabaseFacts } from '../databases/index.ts';
import type { StackFacts } from '../worlds/containers/facts.ts';
import type { ExternalConfig } from '../worlds/external/config.ts';
import { startExternalTable } from '../worlds/external/table.ts';
import { startLocalTable } from '../worlds/local/table.ts';
import type { StartedTable, TableOptions } from '../worlds/world.ts';

/** What the scenarios of a run share, by the world that it takes place in; JSON. */
export type RunWorld =
  | { readonly name: 'local'; readonly database?: DatabaseFacts }
  | { readonly name: 'containers'; readonly stack: StackFacts }
  | { readonly name: 'external'; readonly config: ExternalConfig };

/** Loads what a world needs only where it is played in: containers bring a lot along. */
export async function startTable(world: RunWorld, options: TableOptions): Promise<StartedTable> {
  if (world.name === 'local') return startLocalTable({ ...options, database: world.database });
  if (world.name === 'external') return startExternalTable({ ...options, config: world.config });
  const { startContainersTable } = await import('../worlds/containers/table.ts');
  return startContainersTable({ ...options, stack: world.stack });
}
