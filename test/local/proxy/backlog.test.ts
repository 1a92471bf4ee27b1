/** Many clients at the same moment: as many as the kernel allows wait to be accepted, none has its SYN dropped. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Rig } from './rig.ts';

/** More than Node's backlog of 511, and than the one more that the kernel takes. */
const clients = 700;
const kernelLimit = readLimit();

/** The system's limit of clients that wait for one listener; 0 where it cannot be read. */
function readLimit(): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  } catch {
    return 0;
  }
}

/** How many connected clients wait to be accepted on a port of IPv4 loopback: proc(5), `rx_queue` of a listener. */
function waiting(port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const row = new RegExp(`0100007F:${hex} \\S+ 0A [0-9A-F]+:([0-9A-F]+)`).exec(
    readFileSync('/proc/net/tcp', 'utf8'),
  );
  return Number.parseInt(row?.[1] ?? '', 16);
}

/** Connects all in one turn of the event loop, in which the proxy, in the same process, accepts nobody. */
async function connectAtOnce(port: number): Promise<number> {
  const sockets = Array.from({ length: clients }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  // Node begins to connect on the next tick, before any event of a socket.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  return waiting(port);
}

if (kernelLimit < clients)
  console.log(`skipped: the kernel lets ${kernelLimit} clients wait, not ${clients}`);

it.skipIf(kernelLimit < clients)(
  'keeps all of many clients at once until they are accepted, where the kernel lets them wait',
  async () => {
    await using rig = await Rig.start();
    const port = await rig.proxy(await rig.serveEcho());

    expect(await connectAtOnce(port)).toBe(clients);
    expect(await connectAtOnce(rig.server.port)).toBe(clients);
  },
);
