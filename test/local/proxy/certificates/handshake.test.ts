import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { expect, it } from 'vitest';
import {
  type Authority,
  type CertificateFlaw,
  createAuthority,
  type DisputedFlaw,
  type IssuedCertificate,
  issueFlawed,
} from '../../../../proxy/certificates/index.ts';
import { systemClock } from '../../../../proxy/core/clock.ts';

const hosts = ['localhost', '127.0.0.1'];
const lab = (): Promise<Authority> => createAuthority({ name: 'Lab authority', now: systemClock().now() });

/** Shakes hands with a server that presents `issued`, trusting `authority`: 'accepted' or the client's error code. */
async function handshake(issued: IssuedCertificate, authority: Authority): Promise<string> {
  const server = tls.createServer(
    { cert: issued.chainPem, key: issued.keyPem, ciphers: 'DEFAULT:@SECLEVEL=0' },
    (socket) => socket.end(),
  );
  server.on('tlsClientError', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = tls.connect({ host: '127.0.0.1', port, ca: authority.certPem });
  try {
    await once(socket, 'secureConnect');
    return 'accepted';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'no code';
  } finally {
    socket.destroy();
    server.close();
  }
}

it('lets a client that trusts the authority connect', async () => {
  const authority = await lab();

  expect(await handshake(await authority.issue({ hosts }), authority)).toBe('accepted');
});

it.each<[CertificateFlaw | DisputedFlaw, string]>([
  ['expired', 'CERT_HAS_EXPIRED'],
  ['not_yet_valid', 'CERT_NOT_YET_VALID'],
  ['wrong_host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['self_signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['unknown_ca', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ['incomplete_chain', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['weak_key', 'UNSPECIFIED'],
])('makes a verifying client refuse a certificate that is %s', async (flaw, code) => {
  const authority = await lab();

  expect(await handshake(await issueFlawed(authority, flaw, hosts), authority)).toBe(code);
});
