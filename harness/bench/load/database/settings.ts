/** Settings of pools as people choose them, under the names of the rows. */
import type { PoolOptions } from 'mysql2/promise';

/** How a pool is used. */
export interface PoolSettings {
  readonly driver: 'mysql2' | 'mariadb';
  readonly options: Pick<
    PoolOptions,
    'connectionLimit' | 'queueLimit' | 'waitForConnections' | 'connectTimeout'
  >;
  /** The `timeout` of each statement, ms; undefined is none. */
  readonly statementMs?: number;
  /** Pings a connection before it is used, and takes another one where that fails. */
  readonly ping?: true;
}

export const poolSettings = Object.freeze({
  default: { driver: 'mysql2', options: {} },
  'limit 2': { driver: 'mysql2', options: { connectionLimit: 2 } },
  'queue 20': { driver: 'mysql2', options: { queueLimit: 20 } },
  'time-outs': { driver: 'mysql2', options: { connectTimeout: 500 }, statementMs: 500 },
  'ping first': { driver: 'mysql2', options: { connectTimeout: 500 }, statementMs: 500, ping: true },
  mariadb: { driver: 'mariadb', options: {} },
} satisfies Record<string, PoolSettings>);

export type SettingsName = keyof typeof poolSettings;

export const settingsNames = Object.keys(poolSettings) as SettingsName[];

/** Connections of a pool at most: the default of both drivers where nothing is set. */
export function limitOf(name: SettingsName): number {
  const { options }: PoolSettings = poolSettings[name];
  return options.connectionLimit ?? 10;
}
