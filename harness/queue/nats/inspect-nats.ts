/** What a NATS server says of itself: for whoever asks whether it is fit to hand out work. */
import { readNatsAddress } from './address.ts';
import { connectNats, loadClient } from './connect.ts';
import { natsError } from './nats-errors.ts';

export interface NatsFacts {
  readonly address: string;
  readonly version: string;
  /** The least of some round trips, milliseconds. */
  readonly rttMs: number;
  /** Bytes on disk that streams take; of -1 there is no limit but the disk's. */
  readonly storage: number;
  readonly storageLimit: number;
  /** Whether what is acknowledged is on disk: what its monitoring says, where that is open. */
  readonly sync: { readonly always: boolean; readonly interval: string } | undefined;
}

/** The usual port of a server's monitoring. */
const monitoringPort = 8222;

/** Milliseconds for it to answer. */
const monitoringMs = 1_000;

const rounds = 10;

/** @throws LabError as `openNatsEngine` does */
export async function inspectNats(url: string, env: NodeJS.ProcessEnv = process.env): Promise<NatsFacts> {
  const address = await readNatsAddress(url, env);
  const client = await loadClient();
  const connection = await connectNats(client, address);
  try {
    const manager = await client.jetstreamManager(connection);
    const account = await manager.getAccountInfo();
    const trips: number[] = [];
    for (let left = rounds; left > 0; left -= 1) trips.push(await connection.rtt());
    return {
      address: address.shown,
      version: connection.info?.version ?? 'unknown',
      rttMs: Math.min(...trips),
      storage: account.storage,
      storageLimit: account.limits.max_storage,
      sync: await syncOf(address.host),
    };
  } catch (error) {
    throw natsError(error, address.shown);
  } finally {
    await connection.close();
  }
}

async function syncOf(host: string): Promise<NatsFacts['sync']> {
  const at = `http://${host.includes(':') ? `[${host}]` : host}:${monitoringPort}/varz`;
  try {
    const answer = await fetch(at, { signal: AbortSignal.timeout(monitoringMs) });
    const { jetstream } = (await answer.json()) as {
      jetstream?: { config?: { sync_always?: boolean; sync_interval?: number } };
    };
    if (!jetstream?.config) return undefined;
    const { sync_always: always = false, sync_interval: interval = 120e9 } = jetstream.config;
    return { always, interval: `${interval / 1e9} s` };
  } catch {
    return undefined;
  }
}
