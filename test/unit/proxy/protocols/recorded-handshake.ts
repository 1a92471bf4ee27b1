/** Real TLS handshakes of node:tls, carried out in memory and written down as they would be on the wire. */
import { type Duplex, duplexPair } from 'node:stream';
import tls from 'node:tls';
import { type Authority, createAuthority } from '../../../../proxy/certificates/index.ts';
import type { TlsSide } from '../../../../proxy/protocols/tls-handshake.ts';

/** What one side sent at a time, in the order of the wire. */
export interface Flight {
  readonly from: TlsSide;
  readonly bytes: Buffer;
}

export interface RecordedHandshake {
  readonly flights: readonly Flight[];
  /** To resume with. */
  readonly session: Buffer | undefined;
  readonly protocol: string | null;
  readonly resumed: boolean;
}

const authority: Authority = await createAuthority({ name: 'Tap tests', now: Date.now() });
const certificate = await authority.issue({ hosts: ['server.test'] });
const stranger = await createAuthority({ name: 'Somebody else', now: Date.now() });
const secureContext = tls.createSecureContext({
  key: certificate.keyPem,
  cert: certificate.chainPem,
  sessionIdContext: 'tap tests',
});

/**
 * Shakes hands, exchanges `ping` and `pong`, and closes. With `trusted: false` the client turns the certificate down,
 * which node:tls does after the handshake, by closing.
 */
export async function recordHandshake({
  version = 'TLSv1.3',
  trusted = true,
  ...options
}: {
  version?: 'TLSv1.2' | 'TLSv1.3';
  trusted?: boolean;
} & tls.ConnectionOptions = {}): Promise<RecordedHandshake> {
  const flights: Flight[] = [];
  const [clientEnd, clientWire] = duplexPair();
  const [serverEnd, serverWire] = duplexPair();
  forward(clientWire, serverWire, (bytes) => flights.push({ from: 'client', bytes }));
  forward(serverWire, clientWire, (bytes) => flights.push({ from: 'server', bytes }));

  const server = new tls.TLSSocket(serverEnd, {
    isServer: true,
    secureContext,
    ALPNProtocols: ['http/1.1'],
  });
  server
    .on('error', () => {})
    .on('data', () => server.write('pong'))
    .on('end', () => server.end());
  const client = tls.connect({
    socket: clientEnd,
    servername: 'server.test',
    ALPNProtocols: ['h2', 'http/1.1'],
    ca: (trusted ? authority : stranger).certPem,
    minVersion: version,
    maxVersion: version,
    ...options,
  });
  let session: Buffer | undefined;
  let facts: { protocol: string | null; resumed: boolean } = { protocol: null, resumed: false };
  client.on('session', (ticket: Buffer) => (session = ticket));
  client.once('secureConnect', () => {
    facts = { protocol: client.getProtocol(), resumed: client.isSessionReused() };
    client.write('ping');
  });
  client.once('data', () => client.end());
  const { promise, resolve } = Promise.withResolvers<void>();
  client.on('error', () => {}).once('close', () => resolve());
  await promise;
  return { flights, session, ...facts };
}

function forward(from: Duplex, to: Duplex, note: (bytes: Buffer) => void): void {
  from.on('data', (bytes: Buffer) => {
    note(bytes);
    to.write(bytes);
  });
  from.on('end', () => to.end());
}
