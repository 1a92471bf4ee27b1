/**
 * The `external` world: a server that somebody else runs, told by a file. It knows no other time than ours, and is one for
 * all: subjects and scenarios are played one after the other.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { attachDatabase, type DatabaseFacts } from '../../databases/index.ts';
import { LabError } from '../../errors.ts';
import type { FoundWorld, SharedEnvironment, WorldModule, WorldRequest } from '../world-module.ts';
import { type ExternalConfig, readExternalConfig } from './config.ts';
import { startExternalTable } from './table.ts';

export const world: WorldModule<ExternalConfig> = {
  name: 'external',
  subjects: 'in turn',
  paces: ['real'],
  usualWorkers: () => 1,
  mostWorkers: 1,
  find,
  startTable: (config, options) => startExternalTable({ ...options, config }),
  replayFlags: ({ file }) => ['--world', 'external', '--config', file],
};

async function find({ configFile }: WorldRequest): Promise<FoundWorld> {
  if (configFile === undefined)
    throw new LabError('LAB_BAD_INPUT', '--world external needs to be told of a server', {
      hint: 'Give a file with --config; docs/worlds.md has an example.',
    });
  const config = await readExternalConfig(configFile);
  return { startShared: () => reach(config) };
}

/** Starts nothing: all is there. */
async function reach(config: ExternalConfig): Promise<SharedEnvironment> {
  const { server, database } = config;
  await needAnswer('server', server);
  if (database) await needAnswer('database', database);
  return {
    facts: config,
    database: database === undefined ? 'none' : await versionOf(database),
    trouble: () => undefined,
    [Symbol.asyncDispose]: async () => {},
  };
}

/** @throws LabError `LAB_WORLD_MISSING` when nobody listens there */
async function needAnswer(what: string, { host, port }: { host: string; port: number }): Promise<void> {
  const socket = connect({ host, port });
  await once(socket, 'connect').catch((cause: Error) => {
    throw new LabError(
      'LAB_WORLD_MISSING',
      `The ${what} at ${host}:${port} cannot be reached: ${cause.message}`,
      {
        hint: 'See that it runs, and that the file given with --config has its address.',
        cause,
      },
    );
  });
  socket.destroy();
}

async function versionOf(facts: DatabaseFacts): Promise<string> {
  await using server = await attachDatabase(facts);
  const [row] = await server.query('SELECT VERSION() AS version');
  const version = String(row?.version);
  return `${/mariadb/i.test(version) ? 'mariadb' : 'mysql'} ${/^[\d.]+/.exec(version)?.[0] ?? version}`;
}
