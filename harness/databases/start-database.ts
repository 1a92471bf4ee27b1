/**
 * A database server for one run: a copy of the template directory, a port of 127.0.0.1 that was free, TLS with a
 * certificate of the lab, and a root password that nobody else knows. It is gone after the run, whatever happens.
 *
 *   <directory>/  data/  tmp/  init.sql  ca.pem  cert.pem  key.pem
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import { labTemporaryDirectory, openLedger, type ResourceLedger } from '../cleanup/index.ts';
import { fileError, isLabError, LabError } from '../errors.ts';
import { freePort } from '../free-port.ts';
import { type Administration, administer, type DatabaseFacts } from './administration.ts';
import { cacheDirectory } from './cache-directory.ts';
import type { DatabaseBinary } from './database-binary.ts';
import type { ServerPlan } from './engine.ts';
import { identityFiles } from './identity-files.ts';
import { RunningServer, type ServerControl } from './running-server.ts';
import type { LaunchContext } from './server-process.ts';
import { startFailure } from './start-failure.ts';
import { createData } from './template.ts';

const portAttempts = 3;
const elsewhere = 'set TMPDIR to another file system';
const ownSettings = /^(port|socket|datadir|bind[-_]address|init[-_]file|pid[-_]file|ssl[-_](ca|cert|key))$/i;

/** What to start. */
export interface StartDatabaseOptions {
  /** What `findDatabase` found. */
  readonly binary: DatabaseBinary;
  /** An empty directory for the server's files. @default one of the lab's own, in memory if there is room */
  readonly directory?: string;
  /** Where template directories are kept. @default `$XDG_CACHE_HOME/shaketable/database` */
  readonly cache?: string;
  /** Server options without dashes, such as `{ 'max-connections': '5' }`. @default {} */
  readonly settings?: Readonly<Record<string, string>>;
  /** Gets a line when something takes longer than usual. @default nobody is told */
  readonly announce?: (line: string) => void;
  /** Measures `downMs` of a restart: the lab clock. @default the wall clock */
  readonly clock?: Clock;
  readonly ledger?: ResourceLedger;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
}

/** A server that is ready. Disposal is `stop()`, and may be repeated. */
export interface StartedDatabase
  extends DatabaseFacts,
    Omit<Administration, 'close'>,
    ServerControl,
    AsyncDisposable {
  /** Of the server; another one after a restart. */
  readonly pid: number;
  readonly directory: string;
  /** The last lines of the server's log. */
  log(): readonly string[];
  /** Ends the server (SIGTERM, then SIGKILL) and removes its directory. */
  stop(): Promise<void>;
}

/**
 * Starts a server and resolves once it answers. Fails with LAB_DISK_FULL, LAB_PORT_TAKEN, LAB_NO_PERMISSION,
 * LAB_BAD_INPUT or LAB_DATABASE_START, the last lines of the server's log in the message; nothing is left then.
 */
export async function startDatabase(options: StartDatabaseOptions): Promise<StartedDatabase> {
  const { binary, settings = {}, signal, clock = systemClock() } = options;
  checkSettings(settings);
  const ledger = options.ledger ?? (await openLedger());
  await using held = new AsyncDisposableStack();
  const directory = await prepareDirectory(held, ledger, options.directory);
  const rootPassword = randomBytes(18).toString('base64url');
  const caPem = await fillDirectory(directory, rootPassword, options);
  const log: string[] = [];
  const { server, port } = await launchOnFreePort(
    { directory, settings },
    { binary, ledger, signal, log },
    clock,
  );
  held.defer(() => server.stop());
  const facts: DatabaseFacts = {
    flavour: binary.flavour,
    version: binary.version,
    host: '127.0.0.1',
    port,
    rootUser: 'root',
    rootPassword,
    caFile: join(directory, 'ca.pem'),
    caPem,
  };
  const { close, ...administration } = administer(facts);
  held.defer(close);
  await administration.query('SELECT 1').catch((error: unknown) => {
    throw startFailure(`${binary.path} is ready, but does not let its owner in`, log, error);
  });
  const all = held.move();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= all.disposeAsync();
    return stopping;
  };
  return {
    ...facts,
    ...administration,
    directory,
    get pid() {
      return server.pid;
    },
    log: () => [...log],
    async restart(restart) {
      await close(); // MySQL would wait 2 s for it to go by itself.
      await server.restart(restart);
    },
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The directory is given back after everything in it has ended. */
async function prepareDirectory(
  held: AsyncDisposableStack,
  ledger: ResourceLedger,
  directory?: string,
): Promise<string> {
  if (directory === undefined) {
    return held.use(await labTemporaryDirectory('database', { ledger, memory: true })).path;
  }
  const path = resolve(directory);
  held.defer(ledger.directory(path));
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw fileError(error, path, elsewhere);
  });
  held.defer(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Writes all that the server reads, one after the other, so that a failure leaves nobody writing. */
async function fillDirectory(
  directory: string,
  rootPassword: string,
  { binary, cache = cacheDirectory(), announce = () => undefined }: StartDatabaseOptions,
): Promise<string> {
  const data = join(directory, 'data');
  try {
    await createData(binary, data, { cache, announce });
    await mkdir(join(directory, 'tmp'), { recursive: true, mode: 0o700 });
    const files = await identityFiles(rootPassword, '127.0.0.1');
    for (const [name, content] of Object.entries(files))
      await writeFile(join(directory, name), content, { mode: 0o600 });
    return files['ca.pem'];
  } catch (error) {
    throw isLabError(error) ? error : fileError(error, directory, elsewhere);
  }
}

async function launchOnFreePort(
  place: Omit<ServerPlan, 'port'>,
  context: LaunchContext,
  clock: Clock,
): Promise<{ server: RunningServer; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { server: await RunningServer.start({ ...place, port }, context, clock), port };
    } catch (error) {
      if (!isLabError(error, 'LAB_PORT_TAKEN') || attempt === portAttempts) throw error;
    }
  }
}

export function checkSettings(settings: Readonly<Record<string, string>>): void {
  const wrong = Object.keys(settings).find((name) => !/^[a-z][\w-]*$/i.test(name) || ownSettings.test(name));
  if (wrong === undefined) return;
  throw new LabError('LAB_BAD_INPUT', `"${wrong}" is not a server option that can be set`, {
    hint: "Write options as in the server's manual, without dashes in front; where the server lives is the lab's own affair.",
  });
}
