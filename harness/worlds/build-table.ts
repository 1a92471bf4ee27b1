/**
 * Builds the table of one subject in a world: makes the context, has the world make the deps of it, and puts the two together.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Authority, createAuthority } from 'shaketable-proxy/certificates';
import { scaledClock, systemClock } from 'shaketable-proxy/clock';
import { seededRandom } from 'shaketable-proxy/random';
import { labTemporaryDirectory, type TemporaryDirectory } from '../cleanup/index.ts';
import { Journal } from '../journal/journal.ts';
import { watchStalls } from '../probes/stall-watch.ts';
import type { WorldName } from '../world-list.ts';
import { Diallers } from './diallers.ts';
import { LabTable } from './lab-table.ts';
import type {
  ServerCredentials,
  StartedTable,
  TableContext,
  TableDeps,
  TableOptions,
  WorldTime,
} from './table-deps.ts';

/** Begins the time of a world that has its own; what it begins is given back with `resources`. */
export type BeginTime = (directory: string, resources: AsyncDisposableStack) => WorldTime;

/** Starts the table of one subject. What was begun is given back when it cannot be started. */
export async function buildTable(
  world: WorldName,
  options: TableOptions,
  makeDeps: (context: TableContext) => Promise<TableDeps>,
  beginTime?: BeginTime,
): Promise<StartedTable> {
  const resources = new AsyncDisposableStack();
  try {
    const context = await createContext(options, resources, beginTime);
    const deps = await makeDeps(context);
    const authority = trusted(context.authority, deps.credentials);
    const table = new LabTable({ world, options, context, deps, authority });
    return {
      table,
      journal: context.journal,
      proxyUrl: deps.proxyUrl,
      proxies: deps.proxies,
      verify: async () => deps.verify?.(),
      doubt: () => deps.doubt?.(),
      stopSubjects: () => table.stopSubjects(),
      close: () => table.close(),
      abandon: () => table.abandon(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

async function createContext(
  { scenario, subject, seed, pace, keepDirectory, within }: TableOptions,
  resources: AsyncDisposableStack,
  beginTime: BeginTime | undefined,
): Promise<TableContext> {
  const name = `${scenario.replaceAll('/', '-')}-${subject}`;
  const { path: directory } = resources.use(
    await (within ? directoryIn(within) : labTemporaryDirectory(name)),
  );
  if (keepDirectory !== undefined) resources.defer(() => cp(directory, keepDirectory, { recursive: true }));
  const ownTime = beginTime?.(directory, resources);
  const wallClock = ownTime?.clock ?? systemClock();
  const epochMs = wallClock.now();
  const clock = scaledClock(wallClock, pace, epochMs);
  const journal = new Journal(clock);
  const tell = (kind: 'lab.stall' | 'lab.held') => (realMs: number) =>
    journal.append('lab', kind, { lateMs: realMs * pace, realMs });
  // Time that is a world's own does not pass while the machine stands still.
  if (!ownTime) resources.use(watchStalls({ onStall: tell('lab.stall'), onHeld: tell('lab.held') }));
  return {
    scenario,
    subject,
    pace,
    clock,
    wallClock,
    epochMs,
    // The subject's name is left out: naive and hardened meet the same draws.
    random: seededRandom(seed).fork(scenario),
    authority: ownTime?.authority ?? (await createAuthority({ name: 'Shaketable lab', now: epochMs })),
    journal,
    diallers: new Diallers(),
    logsEveryMs: ownTime?.logsEveryMs,
    directory,
    resources,
  };
}

/** One that nothing else has to know of: whoever has `within` removes that. */
async function directoryIn(within: string): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(within, 'table-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Where the server's certificate is given, clients trust whoever issued that. */
function trusted(authority: Authority, credentials?: ServerCredentials): Authority {
  return credentials === undefined ? authority : { ...authority, certPem: credentials.caPem };
}
