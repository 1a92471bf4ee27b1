/**
 * What the scenarios of a run share: in the world `local` a database server, in `containers` a stack in the engine.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { systemClock } from 'shaketable-proxy/clock';
import {
  attachDatabase,
  type DatabaseFacts,
  diskFailure,
  findDatabase,
  type StartedDatabase,
  startDatabase,
} from '../databases/index.ts';
import { LabError } from '../errors.ts';
import type { Engine } from '../worlds/containers/engine.ts';
import { missingImages, pullImages, toxiproxyImage } from '../worlds/containers/images.ts';
import { startStack } from '../worlds/containers/stack.ts';
import { prepareTestcontainers } from '../worlds/containers/testcontainers.ts';
import type { ExternalConfig } from '../worlds/external/config.ts';
import type { ServiceImage } from '../worlds/service.ts';
import type { ChosenWorld } from './choose-world.ts';
import type { RunWorld } from './start-world.ts';

/** How to start it. */
export interface SharedEnvironmentOptions {
  readonly chosen: ChosenWorld;
  readonly seed: number;
  /** `<pid>-<start>` of the main process. */
  readonly owner: string;
  /** Whether a scenario uses the database. */
  readonly needsDatabase: boolean;
  /** May install what is missing. */
  readonly setUp: boolean;
  /** Images of the services that scenarios start. */
  readonly services: readonly ServiceImage[];
  readonly announce: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What the scenarios of a run share. */
export interface SharedEnvironment extends AsyncDisposable {
  readonly world: RunWorld;
  /** As the database says of itself: `mysql 9.7.4`. */
  readonly database: string;
  /** Who makes faults on links: versions of the engines. */
  readonly proxy?: string;
  /** Why nothing that was played on it proves anything; undefined while nothing speaks against it. */
  trouble(): LabError | undefined;
}

/** Starts it. @throws LabError; nothing is left then */
export async function startSharedEnvironment(options: SharedEnvironmentOptions): Promise<SharedEnvironment> {
  const { chosen } = options;
  switch (chosen.name) {
    case 'local':
      return startLocalEnvironment(options);
    case 'containers':
      return startContainersEnvironment(options, chosen.engine);
    case 'external':
      return externalEnvironment(chosen.config);
  }
}

async function startLocalEnvironment({
  needsDatabase,
  setUp,
  announce,
  signal,
}: SharedEnvironmentOptions): Promise<SharedEnvironment> {
  if (!needsDatabase) return { ...nothingStarted, world: { name: 'local' }, database: 'none' };
  const binary = await findDatabase({ setUp, announce });
  const database = await startDatabase({ binary, announce, signal });
  return {
    world: { name: 'local', database: factsOf(database) },
    database: `${database.flavour} ${database.version}`,
    trouble: () => diskFailure(database.log()),
    [Symbol.asyncDispose]: () => database.stop(),
  };
}

async function startContainersEnvironment(
  options: SharedEnvironmentOptions,
  engine: Engine,
): Promise<SharedEnvironment> {
  await prepareTestcontainers(engine);
  await pullImages(await missingImages(engine), options.announce);
  const clock = systemClock();
  const begun = clock.now();
  const stack = await startStack({ ...options, engine });
  options.announce(`Containers ready in ${((clock.now() - begun) / 1_000).toFixed(1)} s`);
  const { database } = stack.facts;
  return {
    world: { name: 'containers', stack: stack.facts },
    database: `${database.flavour} ${database.version}`,
    proxy: toxiproxyImage,
    trouble: () => stack.trouble(),
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

const nothingStarted = {
  trouble: () => undefined,
  [Symbol.asyncDispose]: async () => {},
};

/** Nothing is started: it is there. */
async function externalEnvironment(config: ExternalConfig): Promise<SharedEnvironment> {
  const { server, database } = config;
  await needAnswer('server', server);
  if (database) await needAnswer('database', database);
  return {
    ...nothingStarted,
    world: { name: 'external', config },
    database: database === undefined ? 'none' : await versionOf(database),
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

/** What of a server its users need; a started one carries more than JSON can. */
function factsOf(database: StartedDatabase): DatabaseFacts {
  const { flavour, version, host, port, rootUser, rootPassword, caFile, caPem } = database;
  return { flavour, version, host, port, rootUser, rootPassword, caFile, caPem };
}
