/**
 * What the system has not got rid of yet: bytes that were written to a socket and that its peer has not acknowledged.
 * Node does not tell; Linux does, in its tables of connections (`tx_queue` in proc(5), /proc/net/tcp).
 */
import { readFile } from 'node:fs/promises';
import type net from 'node:net';
import type { Clock } from './clock.ts';

const tables = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];
const lookEachMs = 2;
/** A peer that acknowledges nothing for so long has no room. */
const stuckAfterMs = 1_000;

/**
 * Resolves when the peer's system has all that was written, or takes no more of it, or the socket is gone: then true.
 * False at once where the system does not tell.
 */
export async function drained(socket: net.Socket, clock: Clock): Promise<boolean> {
  let before = Number.POSITIVE_INFINITY;
  let movedAt = clock.now();
  while (!socket.destroyed) {
    const left = await unacknowledged(socket);
    if (left === undefined) return socket.destroyed;
    if (left < before) movedAt = clock.now();
    before = left;
    if (left === 0 || clock.now() - movedAt >= stuckAfterMs) return true;
    await clock.sleep(lookEachMs);
  }
  return true;
}

/** Sockets that wait at the same time read the tables together. */
let reading: Promise<string> | undefined;

/** In bytes; undefined where the system does not tell. */
async function unacknowledged({ localPort, remotePort }: net.Socket): Promise<number | undefined> {
  reading ??= readTables().finally(() => {
    reading = undefined;
  });
  const text = await reading;
  if (localPort === undefined || remotePort === undefined) return undefined;
  const row = new RegExp(`:${hex(localPort)} [0-9A-F]+:${hex(remotePort)} [0-9A-F]{2} ([0-9A-F]{8}):`, 'g');
  const queues = [...text.matchAll(row)].map(([, queue = '']) => Number.parseInt(queue, 16));
  // The same ports may meet on several addresses.
  return queues.length === 0 ? undefined : Math.max(...queues);
}

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

async function readTables(): Promise<string> {
  const texts = await Promise.all(tables.map((path) => readFile(path, 'latin1').catch(() => '')));
  return texts.join('');
}
