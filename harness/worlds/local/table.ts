/**
 * The `local` world: processes and sockets on 127.0.0.1, a real database, our own fault proxy between them, and services
 * within the lab's process.
 */
import { attachDatabase, type DatabaseFacts, findDatabase, startDatabase } from '../../databases/index.ts';
import { buildTable } from '../build-table.ts';
import { connectionByPort } from '../connection-by-port.ts';
import { startInProcess } from '../in-process-service.ts';
import { createLink } from '../link.ts';
import { startOwnProxy } from '../own-proxy.ts';
import type { StartedTable, TableContext, TableDeps, TableOptions } from '../table-deps.ts';

/** What a subject's run on this world is made of. */
export interface LocalTableOptions extends TableOptions {
  /** The database server that all runs share, started if it has not been. */
  readonly database: () => Promise<DatabaseFacts>;
}

/** Starts the table of one subject. What was begun is given back when it cannot be started. */
export function startLocalTable({ database, ...options }: LocalTableOptions): Promise<StartedTable> {
  return buildTable('local', options, (context) => localDeps(context, database));
}

async function localDeps(context: TableContext, shared: LocalTableOptions['database']): Promise<TableDeps> {
  const { journal, authority } = context;
  const proxy = await startOwnProxy(context);
  return {
    proxyUrl: proxy.url,
    proxies: proxy,
    databases: {
      shared: async () => attachDatabase(await shared()),
      own: async (settings) => startDatabase({ binary: await findDatabase({}), settings }),
    },
    link: (name, upstream, { tls }) =>
      createLink(proxy, name, upstream, tls ? { tls: { upstreamCaPem: authority.certPem } } : {}),
    service: (name, program, log) => startInProcess(context, name, program, log),
    connectionBehind: (link, record) => connectionByPort(journal, link, record),
  };
}
