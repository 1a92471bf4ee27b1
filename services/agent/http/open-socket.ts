/**
 * Opens a socket to the server: TCP through the injected dial, then TLS on top with the server's certificate
 * verified. Kept apart from HTTP so that a failure can name the step it happened in (R2.1).
 */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '../../clock.ts';
import type { Dial } from '../shared/dial.ts';
import type { AttemptTimer } from './attempt-timer.ts';

/** Where the server is, and whom to trust. */
export interface Server {
  readonly url: URL;
  /** PEM of the only authorities to trust; without it, those that Node trusts. */
  readonly ca: string | undefined;
}

/** A socket that is ready for requests, and how long it took to become so, in milliseconds of the clock. */
export interface OpenSocket {
  readonly socket: Duplex & { readonly bytesRead?: number; readonly bytesWritten?: number };
  readonly connectMs: number;
  readonly tlsMs: number;
}

/**
 * Opens a socket within the attempt's deadlines. On any failure nothing stays open, and the error is that of the
 * socket, or the deadline that passed. An error after that is seen as the socket's close.
 */
export async function openSocket(
  server: Server,
  dial: Dial,
  clock: Clock,
  timer: AttemptTimer,
): Promise<OpenSocket> {
  const startMs = clock.now();
  timer.enter('connect');
  const raw = dial(addressOf(server.url)).on('error', () => {});
  await untilReady(raw, 'connect', timer.signal);
  const connectMs = clock.now() - startMs;
  if (server.url.protocol !== 'https:') return { socket: raw, connectMs, tlsMs: 0 };

  timer.enter('tls');
  const secure = secureSocket(raw, server);
  await untilReady(secure, 'secureConnect', timer.signal, raw);
  return { socket: secure, connectMs, tlsMs: clock.now() - startMs - connectMs };
}

/** Host and port of a server URL, with the port the scheme implies. */
export function addressOf(url: URL): { host: string; port: number } {
  const fallback = url.protocol === 'https:' ? 443 : 80;
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || fallback };
}

function secureSocket(raw: Duplex, { url, ca }: Server): TLSSocket {
  const { host } = addressOf(url);
  return connectTls({
    socket: raw,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca }),
    ALPNProtocols: ['http/1.1'],
  });
}

/** Waits for the event that makes a stream usable; if it does not come, destroys the stream and its base. */
async function untilReady(
  stream: Duplex,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
  base?: Duplex,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onClose = (): void => reject(Object.assign(new Error('closed before it was open'), closed));
  const onAbort = (): void => reject(signal.reason);
  stream.once(event, resolve).once('error', reject).once('close', onClose);
  base?.once('error', reject);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    await promise;
  } catch (error) {
    for (const doomed of [stream, base]) doomed?.on('error', () => {}).destroy();
    throw error;
  } finally {
    stream.off(event, resolve).off('error', reject).off('close', onClose);
    base?.off('error', reject);
    signal.removeEventListener('abort', onAbort);
  }
}

const closed = { code: 'ECONNRESET' };
