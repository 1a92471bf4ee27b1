/**
 * What differs between MySQL and MariaDB when one is started for an hour and thrown away: how a data directory is made,
 * and the flags that keep it small and quick. The data survives a kill of the server and nothing worse.
 */
import type { DatabaseBinary } from './database-binary.ts';

/** Change it whenever the contents of a template directory change: cached ones of another format are not used. */
export const templateFormat = 1;

/**
 * The command that makes an empty data directory. Its temporary files need a place of their own, which exists: a MariaDB
 * that starts throws away all `#sql` files of its temporary directory, those of other servers too.
 */
export function initialiseCommand(
  binary: DatabaseBinary,
  dataDirectory: string,
  temporaryDirectory: string,
): [command: string, ...args: string[]] {
  if (binary.flavour === 'mysql') {
    return [
      binary.path,
      '--no-defaults',
      `--datadir=${dataDirectory}`,
      `--tmpdir=${temporaryDirectory}`,
      '--initialize-insecure',
      ...asRoot,
      ...sizes(binary.flavour),
    ];
  }
  const installer = binary.installer ?? 'mariadb-install-db';
  const base = /^(.+)\/(?:bin|scripts)\/[^/]+$/.exec(installer)?.[1];
  return [
    installer,
    '--no-defaults',
    ...(base === undefined || base === '/usr' ? [] : [`--basedir=${base}`]),
    `--datadir=${dataDirectory}`,
    `--tmpdir=${temporaryDirectory}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--force', // Goes on where not even `localhost` resolves: addresses are used throughout.
    ...asRoot,
    ...sizes(binary.flavour),
  ];
}

/** What a running server needs to know. */
export interface ServerPlan {
  /** Holds `init.sql` and the certificates, and `data/` and `tmp/` unless those are elsewhere. */
  readonly directory: string;
  readonly data?: string;
  readonly temporary?: string;
  readonly port: number;
  /** Where to listen. @default '127.0.0.1' */
  readonly address?: string;
  /** Extra options without dashes, `{ 'max-connections': '5' }`; they win. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The command that runs the server. Paths of the socket and pid file are short: they are relative to the data. */
export function serverArguments(binary: DatabaseBinary, plan: ServerPlan): string[] {
  return ['--no-defaults', ...asRoot, ...planArguments(binary, plan)];
}

/** What is the same wherever the server runs, and whoever runs it. */
export function planArguments({ flavour }: Pick<DatabaseBinary, 'flavour'>, plan: ServerPlan): string[] {
  const { directory, port, settings, address = '127.0.0.1' } = plan;
  const { data = `${directory}/data`, temporary = `${directory}/tmp` } = plan;
  return [
    `--datadir=${data}`,
    `--tmpdir=${temporary}`,
    `--init-file=${directory}/init.sql`,
    `--ssl-ca=${directory}/ca.pem`,
    `--ssl-cert=${directory}/cert.pem`,
    `--ssl-key=${directory}/key.pem`,
    `--bind-address=${address}`,
    `--port=${port}`,
    '--socket=server.sock',
    '--pid-file=server.pid',
    '--skip-log-bin',
    '--skip-name-resolve',
    '--default-time-zone=+00:00',
    '--character-set-server=utf8mb4',
    '--event-scheduler=ON',
    '--performance-schema=OFF',
    '--innodb-buffer-pool-size=32M',
    '--innodb-buffer-pool-dump-at-shutdown=OFF',
    '--innodb-buffer-pool-load-at-startup=OFF',
    '--innodb-flush-method=nosync',
    '--innodb-flush-log-at-trx-commit=2', // What is committed outlives the process, if not the machine.
    ...sizes(flavour),
    ...(flavour === 'mysql' ? ['--loose-mysqlx=OFF'] : []),
    ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
  ];
}

/** Sizes have to be the same when the data directory is made and when it is used. */
export function sizes(flavour: DatabaseBinary['flavour']): string[] {
  return flavour === 'mysql'
    ? ['--innodb-doublewrite=OFF', '--loose-innodb-redo-log-capacity=8M']
    : ['--innodb-doublewrite=OFF', '--innodb-log-file-size=4M', '--aria-log-file-size=8M'];
}

/** Both servers refuse to run as root unless told to. */
const asRoot: readonly string[] = process.getuid?.() === 0 ? ['--user=root'] : [];
