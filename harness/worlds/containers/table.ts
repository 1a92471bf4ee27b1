/**
 * The `containers` world: the reference server, MySQL and the real Toxiproxy in containers that Testcontainers starts.
 *
 *   subject ──► front ──► Toxiproxy ──► server ──► front ──► Toxiproxy ──► MySQL
 *   └──── lab's process ──┘  └──────────────────── containers ──────────────────┘
 */
import { randomBytes } from 'node:crypto';
import { attachDatabase } from '../../databases/index.ts';
import { buildTable } from '../build-table.ts';
import { connectionByHandshake } from '../connection-by-handshake.ts';
import type { StartedTable, TableContext, TableDeps, TableOptions } from '../table-deps.ts';
import { type DatabaseContainer, mysqlPort, startDatabaseContainer } from './database.ts';
import { needEngine } from './engine.ts';
import type { StackFacts } from './facts.ts';
import { containerError } from './failures.ts';
import { provideImage } from './images.ts';
import { Links } from './links.ts';
import { startServiceContainer } from './service.ts';

/** What a subject's run on this world is made of. */
export interface ContainersTableOptions extends TableOptions {
  /** What all runs share. */
  readonly stack: StackFacts;
}

/** Starts the table of one subject. What was begun is given back when it cannot be started. */
export function startContainersTable({ stack, ...options }: ContainersTableOptions): Promise<StartedTable> {
  return buildTable('containers', options, (context) => containerDeps(context, stack));
}

async function containerDeps(context: TableContext, stack: StackFacts): Promise<TableDeps> {
  const { journal, pace, epochMs, clock, directory } = context;
  const { owner, network, template, database } = stack;
  const engine = needEngine();
  const place = { engine, owner, network };
  const links = await Links.start(context, stack);
  links.expect(database, `${stack.databaseAlias}:${mysqlPort}`);
  const own: DatabaseContainer[] = [];
  const unique = (name: string): string => `${network}-${name}-${randomBytes(4).toString('hex')}`;
  return {
    proxyUrl: links.proxyUrl,
    databases: {
      shared: () => attachDatabase(database),
      async own(settings) {
        const alias = unique('mysql');
        const options = { ...place, alias, template, settings, directory, clock };
        const server = await startDatabaseContainer(options);
        own.push(server);
        links.expect(server, `${alias}:${mysqlPort}`);
        return server;
      },
    },
    link: (name, upstream, options) => links.make(name, upstream, options),
    async service(_name, program, log) {
      const alias = unique('server');
      const image = stack.images[program.image.name] ?? (await provideImage(engine, program.image));
      const started = await startServiceContainer({ ...place, alias, image, program, log, pace, epochMs });
      links.expect(started, `${alias}:${program.image.port}`);
      return started;
    },
    connectionBehind: (link, record) => connectionByHandshake(journal, link, record),
    conclude: () => links.conclude(),
    async verify() {
      await engine.version().catch((cause: unknown) => {
        throw containerError('The Docker engine went away during the run', [], cause);
      });
      const trouble = own.map((server) => server.trouble()).find((found) => found);
      if (trouble) throw trouble;
    },
  };
}
