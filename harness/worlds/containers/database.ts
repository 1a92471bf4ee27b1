/**
 * MySQL in a container: a copy of a data directory that was made once for the run, the flags of the `local` world, and a
 * door for whoever administers it.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../clock.ts';
import { LabError } from '../../errors.ts';
import { administer } from '../database/administration.ts';
import { planArguments, sizes } from '../database/engine.ts';
import { identityFiles } from '../database/identity-files.ts';
import type { AttachedDatabase, RestartOptions } from '../database/index.ts';
import { type ContainerOptions, startContainer } from './container.ts';
import { openDoor } from './door.ts';
import { mysqlImage } from './images.ts';

/** The port that MySQL has inside. */
export const mysqlPort = 3306;

const data = '/var/lib/mysql';
const files = '/shaketable';
const template = '/template';
/** MySQL says goodbye within two seconds; one that takes longer than this is stuck. */
const goodbyeSeconds = 10;
/** Where files may be read from and written to differs between builds, and the lab wants it nowhere. */
const noFiles = '--secure-file-priv=NULL';

/** Where in the engine a server is started. */
export type Place = Pick<ContainerOptions, 'engine' | 'owner' | 'network'>;

/** What a server is started with. */
export interface DatabaseContainerOptions extends Place {
  readonly alias: string;
  /** A directory of the lab's, for the certificate that clients verify the server against. */
  readonly directory: string;
  /** The volume that {@link makeTemplate} filled. */
  readonly template: string;
  /** The volume for its data. @default one of its own, which goes with it */
  readonly dataVolume?: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Measures `downMs` of a restart: the lab clock. @default the wall clock */
  readonly clock?: Clock;
}

/** Fills a volume with an empty data directory. Takes two seconds, once for each run. */
export async function makeTemplate(place: Place, volume: string): Promise<void> {
  const args = [
    `--datadir=${template}/data`,
    '--initialize-insecure',
    '--user=mysql',
    noFiles,
    ...sizes('mysql'),
  ];
  const script = `install -d -o mysql -g mysql ${template}/data && mysqld --no-defaults ${args.join(' ')}`;
  await using _done = await startContainer({
    ...place,
    image: mysqlImage,
    alias: `${volume}-maker`,
    entrypoint: ['/bin/sh', '-c', `${script} && rm -f ${template}/data/auto.cnf && echo template complete`],
    volumes: { [volume]: template },
    ready: /^template complete/,
  });
}

/** Starts a server, with its door on a port of 127.0.0.1. Disposal removes it. */
export async function startDatabaseContainer(options: DatabaseContainerOptions): Promise<AttachedDatabase> {
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
      entrypoint: [
        '/bin/sh',
        '-c',
        `[ -d ${data}/mysql ] || cp -a ${template}/data/. ${data}/ && exec mysqld "$@"`,
      ],
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
    restart({ graceful = true, downMs = 0 }: RestartOptions = {}) {
      restarts = restarts.then(async () => {
        await close();
        await container.restart(graceful ? goodbyeSeconds : 0, () => clock.sleep(downMs));
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
