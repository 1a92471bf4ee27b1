/** Opens connections to what is measured, in clear or with TLS. */
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

/** Where to, and whether to speak TLS; `ca` is the authority to trust. */
export interface Destination {
  readonly port: number;
  readonly ca?: string;
}

/** A connection that is ready to be used; with TLS, after its handshake. */
export async function connect({ port, ca }: Destination): Promise<net.Socket> {
  const socket = open(port, ca);
  await once(socket, ca === undefined ? 'connect' : 'secureConnect');
  return socket;
}

function open(port: number, ca: string | undefined): net.Socket {
  const options = { port, host: '127.0.0.1', noDelay: true };
  return ca === undefined ? net.connect(options) : tls.connect({ ...options, ca, servername: 'localhost' });
}
