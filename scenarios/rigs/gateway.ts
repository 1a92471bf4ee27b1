/**
 * A cloud gateway in front of the reference server: answers the first upgrades with a status of its own, then passes
 * them on. Each upgrade stands in the journal as `server.log` with event `gateway_upgrade`.
 *
 *   subject ──► gateway ──► reference server
 */
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { Table } from 'shaketable';
import { type Reference, serverHost } from './reference.ts';

/** What the gateway does to upgrades. */
export interface Refusals {
  readonly status: number;
  /** How many upgrades it refuses before it passes them on. */
  readonly times: number;
  /** `Retry-After` of its answers, in seconds of lab time. */
  readonly retryAfterSeconds?: number;
}

const reasons: Readonly<Record<number, string>> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Starts a gateway behind a link of its own; it is stopped with the table. */
export async function startGateway(
  table: Table,
  reference: Reference,
  refusals: Refusals,
): Promise<{ readonly url: string; readonly token: string }> {
  const { chainPem, keyPem } = await table.authority.issue({ hosts: [serverHost] });
  const sockets = new Set<Duplex>();
  const server = createServer({ cert: chainPem, key: keyPem });
  let upgrades = 0;

  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    upgrades += 1;
    const refused = upgrades <= refusals.times;
    const status = refused ? refusals.status : 101;
    table.record('server', 'server.log', {
      level: 'info',
      event: 'gateway_upgrade',
      message: refused ? `upgrade answered ${status}` : 'upgrade passed on',
      gateway: refusals.status,
      status,
    });
    if (refused) socket.end(refusal(refusals));
    else passOn(table, reference, { request, socket, head });
  });
  table.serve({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const link = await table.link(`agent→gateway ${refusals.status}`, { host: '127.0.0.1', port });
  return { url: `https://${serverHost}:${link.port}`, token: reference.token };
}

function refusal({ status, retryAfterSeconds }: Refusals): string {
  const body = JSON.stringify({ error: reasons[status] });
  return [
    `HTTP/1.1 ${status} ${reasons[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** An upgrade as node:http hands it over. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Passes an upgrade on to the reference server, and bytes both ways from then on. */
export function passOn(table: Table, { server }: Reference, { request, socket, head }: Upgrade): void {
  const ca = table.authority.certPem;
  const upstream = connect({ host: '127.0.0.1', port: server.port, servername: serverHost, ca });
  const { method, url, rawHeaders } = request;
  const fields = rawHeaders.map((text, index) => (index % 2 === 0 ? `\r\n${text}: ` : text));
  upstream.write(`${method} ${url} HTTP/1.1${fields.join('')}\r\n\r\n`);
  upstream.write(head);
  upstream.on('error', () => upstream.destroy());
  upstream.once('close', () => socket.destroy());
  socket.once('close', () => upstream.destroy());
  socket.pipe(upstream).pipe(socket);
}
