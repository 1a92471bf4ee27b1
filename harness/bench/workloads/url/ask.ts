/** One connection to a server through the proxy, with one request. */
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { identityOf } from '../../load/server-target.ts';
import type { ServerAddress } from './address.ts';

export interface AskOptions {
  readonly address: ServerAddress;
  /** Port of the proxy. */
  readonly port: number;
  readonly ca?: string | undefined;
  readonly timeoutMs: number;
}

/** What came: the status of the answer, the protocol that was agreed on, or the code of what went wrong. */
export type Answer = { readonly status: number } | { readonly protocol: string } | { readonly error: string };

/** The error of an answer that is none of HTTP/1. */
export const noHttp = 'no answer of HTTP';

/** With `only`, no request is sent where the server agrees on that protocol. */
export async function ask(
  { address, port, ca, timeoutMs }: AskOptions,
  options: tls.ConnectionOptions,
  only?: string,
): Promise<Answer> {
  const { secure, path, host } = address;
  const socket = secure
    ? tls.connect({
        host: '127.0.0.1',
        port,
        ...identityOf(address),
        ...(ca === undefined ? {} : { ca }),
        ...options,
      })
    : net.connect({ host: '127.0.0.1', port });
  const ended = Promise.withResolvers<Answer>();
  socket.setTimeout(timeoutMs, () => ended.resolve({ error: 'ETIMEDOUT' }));
  socket.once('error', (error: NodeJS.ErrnoException) =>
    ended.resolve({ error: error.code ?? error.message }),
  );
  socket.once('close', () => ended.resolve({ error: 'closed' }));
  socket.once(secure ? 'secureConnect' : 'connect', () => {
    const protocol = socket instanceof tls.TLSSocket ? socket.alpnProtocol : undefined;
    if (only !== undefined && protocol === only) ended.resolve({ protocol: only });
    else socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\nConnection: close\r\n\r\n`);
  });
  socket.once('data', (bytes: Buffer) => {
    const status = /^HTTP\/1\.\d (\d{3})/.exec(bytes.toString('latin1'))?.[1];
    ended.resolve(status === undefined ? { error: noHttp } : { status: Number(status) });
  });
  const answer = await ended.promise;
  if (!socket.closed) {
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
  }
  return answer;
}
