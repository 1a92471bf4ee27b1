/** A port that nobody listens on. Somebody may take it before it is used: whoever asks has to be ready for that. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';

/** Well-known servers are below. */
const lowest = 10_240;
const attempts = 20;
/** Where Linux has it, ip(7): the ports that connections get which choose none. Elsewhere they begin higher. */
const rangeFile = '/proc/sys/net/ipv4/ip_local_port_range';
const usualEphemeral = 32_768;

/**
 * A TCP port of 127.0.0.1 that was free a moment ago. It is none of those that the system gives to outgoing connections: one
 * of these could take it for as long as it lasts, while whoever has the port closes it for a moment.
 */
export async function freePort(): Promise<number> {
  const range = await readFile(rangeFile, 'utf8').catch(() => '');
  const ephemeral = Number.parseInt(range, 10) || usualEphemeral;
  if (ephemeral > lowest)
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const port = await listenBriefly(randomInt(lowest, ephemeral));
      if (port !== undefined) return port;
    }
  return (await listenBriefly(0)) ?? 0;
}

async function listenBriefly(wanted: number): Promise<number | undefined> {
  const server = createServer().listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
