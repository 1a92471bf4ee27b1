/**
 * Who owns a token. The directory asks the database each time, or keeps all tokens for a while; kept tokens are
 * renewed by replacing them at once, or in place, which is the bug behind 200 and 401 a few milliseconds apart
 * (R1.6).
 */
import type { Clock } from '../../clock.ts';
import type { AuthConfig } from '../config.ts';
import type { Database } from '../database.ts';
import type { Client } from '../store/clients.ts';

export interface ClientDirectory {
  /** Rejects with the source's error when it cannot be asked. */
  find(database: Database, token: string): Promise<Client | undefined>;
}

/** Where clients come from. */
export interface ClientSource {
  find(database: Database, token: string): Promise<Client | undefined>;
  loadAll(database: Database): Promise<Map<string, Client>>;
}

export function createClientDirectory(
  source: ClientSource,
  config: AuthConfig,
  clock: Clock,
): ClientDirectory {
  if (config.cacheTtlMs === 0) return { find: (database, token) => source.find(database, token) };
  return config.cacheRefresh === 'atomic'
    ? atomicDirectory(source, config.cacheTtlMs, clock)
    : inPlaceDirectory(source, config.cacheTtlMs, clock);
}

/** All callers wait for the one renewal in progress and then see the same new tokens. */
function atomicDirectory(source: ClientSource, ttlMs: number, clock: Clock): ClientDirectory {
  let clients: ReadonlyMap<string, Client> = new Map();
  let expiresAt = Number.NEGATIVE_INFINITY;
  let renewal: Promise<void> | undefined;

  async function renew(database: Database): Promise<void> {
    clients = await source.loadAll(database);
    expiresAt = clock.now() + ttlMs;
  }

  return {
    async find(database, token) {
      if (clock.now() >= expiresAt) {
        renewal ??= renew(database).finally(() => {
          renewal = undefined;
        });
        await renewal;
      }
      return clients.get(token);
    },
  };
}

/**
 * The first request after the expiry empties the tokens and loads them again. Requests that come while it
 * loads find the tokens fresh and empty, and are refused.
 */
function inPlaceDirectory(source: ClientSource, ttlMs: number, clock: Clock): ClientDirectory {
  const clients = new Map<string, Client>();
  let expiresAt = Number.NEGATIVE_INFINITY;

  async function renew(database: Database): Promise<void> {
    expiresAt = clock.now() + ttlMs;
    clients.clear();
    try {
      for (const [token, client] of await source.loadAll(database)) clients.set(token, client);
    } catch (error) {
      expiresAt = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  return {
    async find(database, token) {
      if (clock.now() >= expiresAt) await renew(database);
      return clients.get(token);
    },
  };
}
