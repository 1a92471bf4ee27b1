/**
 * The `external` world: a server that somebody else runs, told by a file. Subjects reach it through the lab's own proxy; the
 * lab starts nothing of it, stops nothing of it, and changes none of its settings.
 */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemClock } from 'shaketable-proxy/clock';
import { openLedger } from '../../cleanup/index.ts';
import { attachDatabase } from '../../databases/index.ts';
import { LabError } from '../../errors.ts';
import type { FaultableLink } from '../../faults/fault.ts';
import { startProcess } from '../../subjects/process.ts';
import { adoptApiProxy } from '../api-proxy.ts';
import { buildTable } from '../build-table.ts';
import { connectionByHandshake } from '../connection-by-handshake.ts';
import { connectionByPort } from '../connection-by-port.ts';
import { createLink } from '../link.ts';
import { startOwnProxy } from '../own-proxy.ts';
import type { StartedTable, TableContext, TableDeps, TableOptions } from '../table-deps.ts';
import type { ExternalConfig } from './config.ts';

/** A log that has not grown for this long tells nothing more. */
const quietMs = 300;

/** Starts the table of one subject. */
export function startExternalTable(
  options: TableOptions & { config: ExternalConfig },
): Promise<StartedTable> {
  return buildTable('external', options, (context) => externalDeps(context, options.config));
}

async function externalDeps(context: TableContext, config: ExternalConfig): Promise<TableDeps> {
  const { journal } = context;
  const { server, database, links = {}, token, caPem } = config;
  const proxy = await startOwnProxy(context);
  return {
    proxyUrl: proxy.url,
    credentials: { caPem, ...(token === undefined ? {} : { token }) },
    databases: {
      ...(database ? { schema: ownSchema(database) } : {}),
      shared: () => (database ? attachDatabase(database) : Promise.reject(cannot('no database is told of'))),
      own: () => Promise.reject(cannot('a database server of its own would be needed')),
    },
    async link(name, upstream, { client, tls }) {
      if (tls) throw cannot(`the link ${name} would have to show a certificate that the subject trusts`);
      const api = links[name];
      if (api !== undefined) return existingLink(name, upstream, api);
      return client === 'service' ? fixedLink(name, upstream) : createLink(proxy, name, upstream);
    },
    async service(_name, _program, log) {
      if (config.log) log.follow();
      const followed = config.log
        ? await followCommand(config.log, log.file, dirname(config.file))
        : undefined;
      const close = (): Promise<void> => Promise.reject(cannot('the lab may not stop the server'));
      return { ...server, close, [Symbol.asyncDispose]: async () => followed?.[Symbol.asyncDispose]() };
    },
    // Where a proxy or a published port lies between, the server sees that as its peer.
    connectionBehind: (link, record) =>
      connectionByPort(journal, link, record) ?? connectionByHandshake(journal, link, record),
  };
}

/** The server's own schema; nobody needs to know whom the server connects as. */
function ownSchema({ schema, rootUser, rootPassword }: NonNullable<ExternalConfig['database']>) {
  return { database: schema, user: rootUser, password: rootPassword };
}

/** A link that was there before: a proxy that speaks Toxiproxy's API. */
async function existingLink(
  name: string,
  { host, port }: { host: string; port: number },
  { api, proxy }: { api: string; proxy: string },
): Promise<FaultableLink> {
  const { addToxic, setEnabled } = await adoptApiProxy(api, proxy);
  return { name, host, port, addToxic, setEnabled, engineOf: () => 'shaketable' };
}

/** A link that nothing is known of: no fault can be on it. */
function fixedLink(name: string, { host, port }: { host: string; port: number }): FaultableLink {
  const refuse = (): Promise<never> => Promise.reject(cannot(`no proxy of the link ${name} is told of`));
  return { name, host, port, addToxic: refuse, setEnabled: refuse, engineOf: () => 'shaketable' };
}

/** Appends what a command says to a file, from now on. Disposal waits until it has nothing more to say. */
async function followCommand(words: readonly string[], log: string, cwd: string): Promise<AsyncDisposable> {
  const clock = systemClock();
  const since = new Date(clock.now()).toISOString();
  const [command = '', ...args] = words.map((word) => word.replaceAll('{since}', since));
  const program = await startProcess({
    command,
    args,
    cwd,
    env: plainEnvironment(),
    stdoutFile: log,
    ledger: await openLedger(),
  });
  const size = (): Promise<number> => stat(log).then((found) => found.size);
  return {
    async [Symbol.asyncDispose]() {
      for (let before = -1; before !== (await size()); await clock.sleep(quietMs)) before = await size();
      await program.stop();
    },
  };
}

/** A user's own command may need what the user has set: where the Docker engine is, for example. */
function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

function cannot(why: string): LabError {
  return new LabError(
    'LAB_WORLD_MISSING',
    `This scenario cannot be played on a server of somebody else: ${why}`,
    {
      hint: 'docs/worlds.md says what the file given with --config may tell, and what each world can do.',
    },
  );
}
