/**
 * Finds a database server: the one that is asked for, MySQL before MariaDB, and, where set-up is wanted, one that is
 * fetched. Nothing is installed without being announced.
 */
import { realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../errors.ts';
import { cacheDirectory } from './cache-directory.ts';
import { type DatabaseBinary, identify } from './database-binary.ts';
import { isProgram, searchPath } from './programs.ts';
import { downloadDirectory, setUpDatabase } from './set-up-database.ts';

/** Where servers lie that are not in everybody's PATH. */
const usualPlaces = [
  '/usr/sbin',
  '/usr/libexec',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/local/libexec',
  '/usr/local/mysql/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mysql/bin',
  '/opt/homebrew/opt/mariadb/bin',
];

/** What to look for and how far to go. */
export interface FindDatabaseOptions {
  /** Installs or downloads a server if there is none. @default false */
  readonly setUp?: boolean;
  /** SHAKETABLE_MYSQLD, PATH, XDG_CACHE_HOME and HOME are read. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** Searched after PATH. @default the usual places of Linux and macOS */
  readonly places?: readonly string[];
  /** Gets a line for each thing that is done to the machine. @default nobody is told */
  readonly announce?: (line: string) => void;
}

/**
 * The first server that can be used. Fails with LAB_BAD_INPUT if SHAKETABLE_MYSQLD names none, and with
 * LAB_DATABASE_MISSING, whose hint lists the choices, if there is none at all.
 */
export async function findDatabase(options: FindDatabaseOptions = {}): Promise<DatabaseBinary> {
  const { setUp = false, env = process.env, places = usualPlaces, announce = () => undefined } = options;
  const named = env.SHAKETABLE_MYSQLD;
  if (named) return requireNamed(named);
  const search = async (): Promise<DatabaseBinary | undefined> =>
    preferMysql(await candidates(env, places), reasons);
  const reasons: string[] = [];
  const found = await search();
  if (found !== undefined) return found;
  if (!setUp) throw missing(reasons, 'Let the lab set one up (`shaketable run --set-up`), or');
  const installed = await setUpDatabase({ env, announce, search });
  if ('path' in installed) return installed;
  throw missing([...reasons, ...installed.reasons], 'None could be set up here. You can');
}

async function requireNamed(path: string): Promise<DatabaseBinary> {
  const binary = await identify(path);
  if ('path' in binary) return binary;
  throw new LabError('LAB_BAD_INPUT', `SHAKETABLE_MYSQLD names ${path}, but ${binary.reason}`, {
    hint: 'Set SHAKETABLE_MYSQLD to the path of mysqld or mariadbd, or unset it to have one searched for.',
  });
}

/** MySQL wherever it is found, else the first MariaDB. Why others were passed over is added to `reasons`. */
async function preferMysql(paths: string[], reasons: string[]): Promise<DatabaseBinary | undefined> {
  let fallback: DatabaseBinary | undefined;
  for (const path of paths) {
    const binary = await identify(path);
    if (!('path' in binary)) reasons.push(`${path}: ${binary.reason}`);
    else if (binary.flavour === 'mysql') return binary;
    else fallback ??= binary;
  }
  return fallback;
}

/** Every `mysqld` and `mariadbd` in PATH, the given places and the lab's downloads, each program once. */
async function candidates(env: NodeJS.ProcessEnv, places: readonly string[]): Promise<string[]> {
  const directories = [...searchPath(env), ...places, ...(await downloads(env))];
  const programs = directories
    .flatMap((directory) => [join(directory, 'mysqld'), join(directory, 'mariadbd')])
    .filter(isProgram);
  const byRealPath = new Map<string, string>();
  for (const path of programs) {
    const real = realpathSync(path);
    if (!byRealPath.has(real)) byRealPath.set(real, path);
  }
  return [...byRealPath.values()];
}

/** What `setUpDatabase` downloaded in an earlier run. */
async function downloads(env: NodeJS.ProcessEnv): Promise<string[]> {
  const directory = downloadDirectory(cacheDirectory(env));
  const versions = await readdir(directory).catch(() => []);
  return versions.map((version) => join(directory, version, 'mysql', 'bin'));
}

function missing(reasons: readonly string[], opening: string): LabError {
  const found = reasons.length === 0 ? '' : ` (passed over: ${reasons.join('; ')})`;
  return new LabError('LAB_DATABASE_MISSING', `No MySQL or MariaDB server was found${found}`, {
    hint: [
      opening,
      '- Debian, Ubuntu: apt-get install --no-install-recommends mariadb-server-core mariadb-client-core',
      '- Fedora: dnf install mariadb-server',
      '- macOS: brew install mariadb',
      '- any: unpack a MySQL or MariaDB archive and set SHAKETABLE_MYSQLD to its mysqld or mariadbd.',
    ].join('\n'),
  });
}
