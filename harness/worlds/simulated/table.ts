/** The tables of the `simulated` world: what `local` has, within a simulation that begins and ends with the table. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createMemoryDatabase, type MemoryDatabase } from '../../databases/memory/index.ts';
import type { Escape } from '../../simulation/escapes.ts';
import { Simulation } from '../../simulation/simulation.ts';
import { buildTable } from '../build-table.ts';
import { connectionByPort } from '../connection-by-port.ts';
import { startInProcess } from '../in-process-service.ts';
import { createLink } from '../link.ts';
import { startOwnProxy } from '../own-proxy.ts';
import type { StartedTable, TableContext, TableDeps, TableOptions } from '../table-deps.ts';
import { type Identities, identities } from './identities.ts';

/** In `local` it is the same on the lab clock of a fast run. Records have times of their own. */
const logsEveryMs = 400;

/** What the services read beside the table's directory. */
const alsoInside = ['/proc/sys/net/ipv4'];

/** What was sent has arrived after that, in virtual milliseconds: one way takes one. */
const arrivedMs = 2;

/** How long the last bytes of what was stopped may be under way, in virtual milliseconds. */
const lastBytesMs = 100;

/** Starts the table of one subject. */
export async function startSimulatedTable(options: TableOptions): Promise<StartedTable> {
  const { authority, database } = await identities();
  let simulation: Simulation | undefined;
  return buildTable(
    'simulated',
    options,
    (context) => simulatedDeps(context, simulation as Simulation, database),
    (directory, resources) => {
      const { seed, scenario } = options;
      const directories = [directory, ...alsoInside];
      simulation = resources.use(Simulation.start({ seed: `${seed}/${scenario}`, directories }));
      return { clock: simulation.clock, logsEveryMs, authority };
    },
  );
}

async function simulatedDeps(
  context: TableContext,
  { escapes }: Simulation,
  tls: Identities['database'],
): Promise<TableDeps> {
  const { journal, authority } = context;
  const proxy = await startOwnProxy(context);
  return {
    proxyUrl: proxy.url,
    proxies: proxy,
    databases: {
      shared: () => serveDatabase(context, tls, {}),
      own: (settings) => serveDatabase(context, tls, settings),
    },
    link: (name, upstream, { tls }) =>
      createLink(proxy, name, upstream, {
        arrived: () => context.wallClock.sleep(arrivedMs),
        ...(tls && { tls: { upstreamCaPem: authority.certPem } }),
      }),
    service: (name, program, log) => startInProcess(context, name, program, log),
    connectionBehind: (link, record) => connectionByPort(journal, link, record),
    noProcesses: 'a process has the time and the sockets of the machine, which a simulated world has not',
    // What services said at their end is still on its way: no other work takes time here.
    conclude: () => context.wallClock.sleep(lastBytesMs),
    doubt: () => (escapes.all.length === 0 ? undefined : inWords(escapes.all)),
  };
}

/** A database in memory behind a port of the simulated network. */
async function serveDatabase(
  { wallClock: clock, random, resources }: TableContext,
  tls: Identities['database'],
  settings: Readonly<Record<string, string>>,
): Promise<MemoryDatabase> {
  const server = createServer({ noDelay: true }, (socket) => database.attach(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  resources.defer(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const database = createMemoryDatabase({
    clock,
    random: random.fork('database'),
    host: '127.0.0.1',
    port,
    tls,
    settings,
  });
  return database;
}

function inWords(escapes: readonly Escape[]): string {
  const each = escapes.map(({ what, stack }) => `${what}\n    at ${stack.slice(0, 6).join('\n    at ')}`);
  return `something left the simulation, and no seed decides how it ends:\n${each.join('\n')}`;
}
