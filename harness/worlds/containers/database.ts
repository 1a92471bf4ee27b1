/**
 * MySQL in a container: a copy of a data directory that was made once for the run, the flags of the `local` world, and a
 * door for whoever administers it.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import { administer } from '../../databases/administration.ts';
import { planArguments, sizes, templateFormat } from '../../databases/engine.ts';
import { identityFiles } from '../../databases/identity-files.ts';
import { type AttachedDatabase, diskFailure, type RestartOptions } from '../../databases/index.ts';
import { LabError } from '../../errors.ts';
import { type ContainerOptions, startContainer } from './container.ts';
import { openDoor } from './door.ts';
import { mysqlImage } from './images.ts';
import { cacheLabel } from './labels.ts';

/** The port that MySQL has inside. */
export const mysqlPort = 3306;

const data = '/var/lib/mysql';
const files = '/shaketable';
const template = '/template';
/**
 * Runs the server as a child, so that its container and with it its address stay while it is away: who knocks then is refused, as
 * at any machine whose database is down. HUP lets it say goodbye, USR1 kills it, USR2 starts it again.
 */
const runServer = `
  [ -d ${data}/mysql ] || cp -a ${template}/data/. ${data}/ || exit 1
  server() { mysqld "$@" & pid=$!; down=; }
  trap 'down=1; kill -TERM $pid' HUP
  trap 'down=1; kill -KILL $pid' USR1
  trap 'server "$@"' USR2
  trap 'kill -TERM $pid; wait $pid; exit' TERM
  server "$@"
  while :; do
    wait $pid
    kill -0 $pid 2>/dev/null && continue
    [ "$down" ] || exit 1
    echo 'server down'
    while [ "$down" ]; do sleep 1 & wait $!; done
  done`;
/** Where files may be read from and written to differs between builds, and the lab wants it nowhere. */
const noFiles = '--secure-file-priv=NULL';

/** Where in the engine a server is started. */
export type Place = Pick<ContainerOptions, 'engine' | 'owner' | 'network'>;

/** What a server is started with. */
export interface DatabaseContainerOptions extends Place {
  readonly alias: string;
  /** A directory of the lab's, for the certificate that clients verify the server against. */
  readonly directory: string;
  /** The volume that {@link provideTemplate} gave. */
  readonly template: string;
  /** The volume for its data. @default one of its own, which goes with it */
  readonly dataVolume?: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Measures `downMs` of a restart: the lab clock. @default the wall clock */
  readonly clock?: Clock;
}

/**
 * Has a volume with an empty data directory there, and gives its name. It is kept for later runs, one for each MySQL image,
 * and made in two seconds: aside, and put in place when it is complete, so that runs may do so at the same time.
 */
export async function provideTemplate(place: Place): Promise<string> {
  const { engine, network } = place;
  const image = (await engine.imageId(mysqlImage)) ?? '';
  const volume = `shaketable-${mysqlImage.replace(':', '-')}-${image.slice(7, 19)}-${templateFormat}`;
  await engine.createVolume(volume, { [cacheLabel]: mysqlImage });
  const build = `${template}/build-${network}`;
  const args = [`--datadir=${build}`, '--initialize-insecure', '--user=mysql', noFiles, ...sizes('mysql')];
  const make = [
    `install -d -o mysql -g mysql ${build}`,
    `mysqld --no-defaults ${args.join(' ')}`,
    `rm -f ${build}/auto.cnf`, // MySQL's identity of a server: each copy gets its own.
    `mv -T ${build} ${template}/data`,
  ].join(' && ');
  const script = `[ -d ${template}/data ] || { ${make}; } || rm -rf ${build}; [ -d ${template}/data ] && echo complete`;
  await using _done = await startContainer({
    ...place,
    image: mysqlImage,
    alias: `${network}-template`,
    entrypoint: ['/bin/sh', '-c', script],
    volumes: { [volume]: template },
    ready: /^complete/,
  });
  return volume;
}

/** A server in a container. Disposal removes it. */
export interface DatabaseContainer extends AttachedDatabase {
  /** Why nothing that it was part of proves anything; undefined while nothing speaks against it. */
  trouble(): LabError | undefined;
}

/** Starts a server, with its door on a port of 127.0.0.1. */
export async function startDatabaseContainer(options: DatabaseContainerOptions): Promise<DatabaseContainer> {
  const { alias, directory, dataVolume, settings = {}, clock = systemClock() } = options;
  await using held = new AsyncDisposableStack();
  const rootPassword = randomBytes(18).toString('base64url');
  const identity = await identityFiles(rootPassword, '%');
  const plan = { directory: files, data, temporary: '/tmp', port: mysqlPort, address: '0.0.0.0', settings };
  const log: string[] = [];
  const container = held.use(
    await startContainer({
      ...options,
      image: mysqlImage,
      alias,
      user: 'mysql',
      entrypoint: ['/bin/sh', '-c', runServer],
      command: ['mysqld', '--no-defaults', noFiles, ...planArguments({ flavour: 'mysql' }, plan)],
      files: Object.fromEntries(Object.entries(identity).map(([name, text]) => [`${files}/${name}`, text])),
      volumes: { [options.template]: template, ...(dataVolume ? { [dataVolume]: data } : {}) },
      ready: /ready for connections/,
      onLine: (line) => void log.push(line),
    }),
  );
  const door = held.use(await openDoor(() => ({ host: container.address, port: mysqlPort })));
  const caFile = join(directory, `${alias}-ca.pem`);
  await writeFile(caFile, identity['ca.pem']);
  const facts = {
    flavour: 'mysql',
    version: versionIn(log),
    host: door.host,
    port: door.port,
    rootUser: 'root',
    rootPassword,
    caFile,
    caPem: identity['ca.pem'],
  } as const;
  const { close, ...administration } = administer(facts);
  held.defer(close);
  await administration.query('SELECT 1');
  const all = held.move();
  let restarts: Promise<void> = Promise.resolve();
  return {
    ...facts,
    ...administration,
    trouble: () =>
      diskFailure(log, 'Free some space where the Docker engine keeps its volumes (`docker system df`).'),
    restart({ graceful = true, downMs = 0 }: RestartOptions = {}) {
      restarts = restarts.then(async () => {
        await close();
        const down = container.said(/^server down$/);
        await container.signal(graceful ? 'SIGHUP' : 'SIGUSR1');
        await down;
        await clock.sleep(downMs);
        const up = container.said(/ready for connections/);
        await container.signal('SIGUSR2');
        await up;
      });
      return restarts;
    },
    freeze: () => container.pause(),
    thaw: () => container.unpause(),
    async [Symbol.asyncDispose]() {
      await restarts.catch(() => undefined);
      await all.disposeAsync();
    },
  };
}

/** The server names its version when it is ready. */
function versionIn(log: readonly string[]): string {
  const version = log.map((line) => /Version: '(\d+\.\d+\.\d+)/.exec(line)?.[1]).find((found) => found);
  if (version !== undefined) return version;
  throw new LabError('LAB_DATABASE_START', `${mysqlImage} does not tell its version`);
}
