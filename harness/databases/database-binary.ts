/**
 * A database server on this machine, told apart by what it says of itself: Debian's `mysqld` may well be MariaDB.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const versionTimeoutMs = 10_000;

/** The two kinds of server that speak MySQL's protocol here. */
export type Flavour = 'mysql' | 'mariadb';

/** A server program that can be started. */
export interface DatabaseBinary {
  readonly path: string;
  readonly flavour: Flavour;
  /** Such as `10.11.19` or `9.7.4`. */
  readonly version: string;
  /** Makes a data directory; MariaDB has a program of its own for that. */
  readonly installer?: string;
}

/** Reads `--version` output, such as `mysqld  Ver 9.7.4 for Linux on x86_64`; `undefined` if it is something else. */
export function parseVersion(output: string): Pick<DatabaseBinary, 'flavour' | 'version'> | undefined {
  const version = /\bVer (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (version === undefined) return undefined;
  return { flavour: /mariadb/i.test(output) ? 'mariadb' : 'mysql', version };
}

/** Asks the program at `path` what it is. The answer is a binary, or the reason why it is none that can be used. */
export async function identify(path: string): Promise<DatabaseBinary | { reason: string }> {
  const output = await run(path, ['--no-defaults', '--version'], { timeout: versionTimeoutMs }).then(
    ({ stdout }) => stdout,
    (error: Error) => error,
  );
  if (output instanceof Error) return { reason: `it does not run: ${firstLine(output.message)}` };
  const facts = parseVersion(output);
  if (facts === undefined)
    return { reason: `it says "${firstLine(output)}", not which MySQL or MariaDB it is` };
  if (facts.flavour === 'mysql') return { path, ...facts };
  const installer = findInstaller(path);
  if (installer === undefined)
    return { reason: 'mariadb-install-db is missing (Debian: mariadb-server-core)' };
  return { path, ...facts, installer };
}

/** MariaDB's installer lies beside the server, or in `bin` or `scripts` of the same installation. */
function findInstaller(path: string): string | undefined {
  const beside = dirname(path);
  const base = dirname(beside);
  return [beside, join(base, 'bin'), join(base, 'scripts'), '/usr/bin']
    .flatMap((directory) => [join(directory, 'mariadb-install-db'), join(directory, 'mysql_install_db')])
    .find((candidate) => existsSync(candidate));
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
