import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { Certificates } from '../../../proxy/tls/certificates.ts';
import { changeTls, type TlsChange } from '../../../proxy/tls/settings.ts';

const authority = await createAuthority({ name: 'Certificates', now: Date.now() });

function certificates(change: TlsChange = {}, mostKept?: number): Certificates {
  const settings = changeTls(undefined, change);
  if (!settings) throw new Error('Expected settings');
  return new Certificates(async () => authority, settings, mostKept);
}

it('keeps what it presents for a host, and with it the keys of the tickets', async () => {
  const kept = certificates();

  const first = await kept.contextFor(['a.test'], false);

  expect(await kept.contextFor(['a.test'], false)).toBe(first);
  expect(await kept.contextFor(['b.test'], false)).not.toBe(first);
  expect(await kept.contextFor(['a.test'], true)).not.toBe(first);
});

it('presents the same certificate with other keys of tickets where those are refused', async () => {
  const refused = certificates({ tickets: 'refused' });

  const first = await refused.contextFor(['a.test'], false);
  const second = await refused.contextFor(['a.test'], false);

  expect(second).not.toBe(first);
  expect(certificateOf(second).serialNumber).toBe(certificateOf(first).serialNumber);
});

it('forgets hosts that were asked for long ago', async () => {
  const kept = certificates({}, 2);
  const first = await kept.contextFor(['first.test'], false);

  await kept.contextFor(['second.test'], false);
  expect(await kept.contextFor(['first.test'], false)).toBe(first);
  await kept.contextFor(['third.test'], false);

  expect(await kept.contextFor(['first.test'], false)).not.toBe(first);
});

/** What the context presents. */
function certificateOf({ context }: { context: { getCertificate(): Buffer } }): X509Certificate {
  return new X509Certificate(context.getCertificate());
}
