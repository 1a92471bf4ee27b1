/**
 * Gets a server onto a machine that has none: by the system's own packages where that is possible without asking, else
 * by downloading an archive of MySQL into the lab's cache. Both are announced, and found again by the next search.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { missingPackage } from '../optional-packages.ts';
import { cacheDirectory } from './cache-directory.ts';
import type { DatabaseBinary } from './database-binary.ts';
import { findProgram } from './programs.ts';

const run = promisify(execFile);
const installMs = 10 * 60_000;
const packages = ['mariadb-server-core', 'mariadb-client-core'];
const downloadedVersion = '9.7.2';
const library = 'mysql-memory-server';

/** What set-up needs from whoever searches. */
export interface SetUpContext {
  readonly env: NodeJS.ProcessEnv;
  readonly announce: (line: string) => void;
  /** Looks for a server again. */
  readonly search: () => Promise<DatabaseBinary | undefined>;
}

/** One way to get a server. */
interface Way {
  readonly name: string;
  /** Why this way is closed on this machine, if it is. */
  readonly obstacle: (env: NodeJS.ProcessEnv) => string | undefined;
  readonly announcement: string;
  readonly take: (env: NodeJS.ProcessEnv) => Promise<void>;
}

/** Tries each way until a server is found, or says why none led anywhere. */
export async function setUpDatabase(context: SetUpContext): Promise<DatabaseBinary | { reasons: string[] }> {
  const reasons: string[] = [];
  for (const { name, obstacle, announcement, take } of [aptGet, download]) {
    const closed = obstacle(context.env);
    if (closed !== undefined) {
      reasons.push(`${name}: ${closed}`);
      continue;
    }
    context.announce(announcement);
    const failure = await take(context.env).then(() => 'it left no server that can be used', lastWords);
    const found = await context.search();
    if (found !== undefined) return found;
    reasons.push(`${name}: ${failure}`);
  }
  return { reasons };
}

const aptGet: Way = {
  name: 'apt-get',
  obstacle(env) {
    if (findProgram('apt-get', env) === undefined) return 'this is no Debian-like system';
    return process.getuid?.() === 0 ? undefined : 'installing takes root';
  },
  announcement: `Installing MariaDB with apt-get (${packages.join(', ')})`,
  async take(env) {
    const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: installMs };
    const wait = ['-o', 'DPkg::Lock::Timeout=120'];
    // A package list that is partly out of reach may still have what is needed.
    await run('apt-get', [...wait, 'update'], options).catch(() => undefined);
    await run('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...packages], options);
  },
};

const download: Way = {
  name: 'download',
  obstacle() {
    const install = missingPackage(library);
    return install && `${library} is not installed (${install})`;
  },
  announcement: `Downloading MySQL ${downloadedVersion} (mysql-memory-server)`,
  /** In a process of its own, whose temporary directory is our cache: that package keeps its archive there. */
  async take(env) {
    const directory = cacheDirectory(env);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const program = `
      const { createDB } = await import(process.argv[1]);
      try {
        const database = await createDB({ version: process.argv[2], downloadRetries: 1 });
        await database.stop();
      } catch (reason) {
        process.stderr.write(String(reason));
        process.exit(1);
      }`;
    const args = ['--input-type=module', '--eval', program, import.meta.resolve(library), downloadedVersion];
    await run(process.execPath, args, {
      env: { ...env, TMPDIR: directory },
      timeout: installMs,
    });
  },
};

/** Where `mysql-memory-server` keeps what it downloads, below its temporary directory: `<version>/mysql/bin/mysqld`. */
export function downloadDirectory(cache: string): string {
  return join(cache, 'mysqlmsn', 'binaries');
}

function lastWords(error: Error & { stderr?: string }): string {
  const lines = (error.stderr || error.message).trim().split('\n');
  return lines.at(-1) ?? error.message;
}
