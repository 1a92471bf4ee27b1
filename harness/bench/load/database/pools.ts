/** The drivers behind one face: a pool that connections are taken from, as the load uses it. */
import type { SettingsName } from './settings.ts';
import { type PoolSettings, poolSettings } from './settings.ts';

/** Where the pool leads. */
export interface PoolTarget {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A connection that is taken. */
export interface LoadConnection {
  /** `timeout` in ms. */
  query(statement: { sql: string; timeout?: number }): Promise<unknown>;
  ping(): Promise<unknown>;
  release(): void;
  destroy(): void;
}

export interface LoadPool {
  acquire(): Promise<LoadConnection>;
  /** Connections that it made and that worked. */
  readonly connections: number;
  end(): Promise<void>;
}

export async function createLoadPool(name: SettingsName, target: PoolTarget): Promise<LoadPool> {
  const { driver }: PoolSettings = poolSettings[name];
  return driver === 'mariadb' ? await createMariadbPool(target) : await createMysql2Pool(name, target);
}

async function createMysql2Pool(name: SettingsName, target: PoolTarget): Promise<LoadPool> {
  const { createPool } = await import('mysql2/promise');
  const { options }: PoolSettings = poolSettings[name];
  const pool = createPool({ ...options, ...target, host: '127.0.0.1' });
  let connections = 0;
  pool.on('connection', () => {
    connections += 1;
  });
  return {
    acquire: () => pool.getConnection(),
    get connections() {
      return connections;
    },
    end: () => pool.end(),
  };
}

async function createMariadbPool(target: PoolTarget): Promise<LoadPool> {
  const { default: mariadb } = await import('mariadb');
  // Without TLS, a MySQL has to be asked for the key that its passwords are encrypted with.
  const pool = mariadb.createPool({ ...target, host: '127.0.0.1', allowPublicKeyRetrieval: true });
  let connections = 0;
  pool.on('connection', () => {
    connections += 1;
  });
  return {
    async acquire() {
      const connection = await pool.getConnection();
      return {
        query: (statement) => connection.query(statement),
        ping: () => connection.ping(),
        release: () => void connection.release().catch(() => {}),
        destroy: () => connection.destroy(),
      };
    },
    get connections() {
      return connections;
    },
    end: () => pool.end(),
  };
}
