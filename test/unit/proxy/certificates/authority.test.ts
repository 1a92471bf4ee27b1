import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { createAuthority, issueFlawed } from '../../../../proxy/certificates/index.ts';

const now = Date.UTC(2026, 0, 15);

it('issues a certificate that chains to the authority and names every host', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const issued = await authority.issue({ hosts: ['localhost', '127.0.0.1', '::1'] });

  const certificate = new X509Certificate(issued.certPem);
  const root = new X509Certificate(authority.certPem);
  expect(certificate.verify(root.publicKey)).toBe(true);
  expect(certificate.checkIssued(root)).toBe(true);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkIP('::1')).toBe('::1');
  expect(certificate.ca).toBe(false);
  expect(root.ca).toBe(true);
  expect(issued.chainPem).toBe(issued.certPem + authority.certPem);
});

it('hands out the private key of the certificate', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const issued = await authority.issue({ hosts: ['localhost'] });

  expect(new X509Certificate(issued.certPem).checkPrivateKey(createPrivateKey(issued.keyPem))).toBe(true);
  expect(new X509Certificate(authority.certPem).checkPrivateKey(createPrivateKey(authority.keyPem))).toBe(
    true,
  );
});

it('keeps the validity that it is asked for', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const issued = await authority.issue({
    hosts: ['localhost'],
    notBefore: now - 2_000,
    notAfter: now + 60_000,
  });

  const certificate = new X509Certificate(issued.certPem);
  expect(certificate.validFromDate.getTime()).toBe(now - 2_000);
  expect(certificate.validToDate.getTime()).toBe(now + 60_000);
});

it.each([
  { selfSigned: false },
  { selfSigned: true },
])('issues with an RSA key (self-signed: $selfSigned)', async (how) => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const issued = await authority.issue({ hosts: ['localhost'], key: 'rsa', ...how });

  const certificate = new X509Certificate(issued.certPem);
  const signer = how.selfSigned ? certificate : new X509Certificate(authority.certPem);
  expect(certificate.publicKey.asymmetricKeyType).toBe('rsa');
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2_048);
  expect(certificate.verify(signer.publicKey)).toBe(true);
});

it('gives each certificate its own serial number', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const issued = await Promise.all([1, 2, 3].map(() => authority.issue({ hosts: ['localhost'] })));

  expect(new Set(issued.map(({ certPem }) => new X509Certificate(certPem).serialNumber)).size).toBe(3);
});

it('refuses to issue for no host', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  await expect(authority.issue({ hosts: [] })).rejects.toThrow('at least one host');
});

it('signs a self-signed certificate with its own key alone', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const issued = await issueFlawed(authority, 'self_signed', ['localhost']);

  const certificate = new X509Certificate(issued.certPem);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.verify(new X509Certificate(authority.certPem).publicKey)).toBe(false);
  expect(issued.chainPem).toBe(issued.certPem);
});

it('issues by an intermediate what chains to the authority', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });
  const intermediate = await authority.createIntermediate('In between');

  const issued = await intermediate.issue({ hosts: ['localhost'] });

  const [leaf, middle, root] = [issued.certPem, intermediate.certPem, authority.certPem].map(
    (pem) => new X509Certificate(pem),
  );
  expect(middle && leaf?.checkIssued(middle)).toBe(true);
  expect(root && middle?.checkIssued(root)).toBe(true);
  expect(middle?.ca).toBe(true);
  expect(issued.chainPem).toBe(issued.certPem + intermediate.certPem);
});

it('leaves the intermediate out of an incomplete chain', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const issued = await issueFlawed(authority, 'incomplete_chain', ['localhost']);

  expect(issued.chainPem).toBe(issued.certPem);
  expect(new X509Certificate(issued.certPem).checkIssued(new X509Certificate(authority.certPem))).toBe(false);
});

it('makes a weak key of 1024 bits RSA', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const issued = await issueFlawed(authority, 'weak_key', ['localhost']);

  const { publicKey } = new X509Certificate(issued.certPem);
  expect(publicKey.asymmetricKeyType).toBe('rsa');
  expect(publicKey.asymmetricKeyDetails?.modulusLength).toBe(1_024);
});

it('writes IPv6 addresses in every spelling as their 16 bytes', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const issued = await authority.issue({
    hosts: ['2001:db8::8:800:200c:417a', '::', '::ffff:192.0.2.1', 'fe80::1%lo'],
  });

  const certificate = new X509Certificate(issued.certPem);
  for (const address of ['2001:DB8:0:0:8:800:200C:417A', '::', '::ffff:192.0.2.1', 'fe80::1'])
    expect(certificate.checkIP(address)).toBe(address);
  expect(certificate.checkIP('2001:db8::8:800:200c:417b')).toBeUndefined();
});

it('writes years from 2050 on with four digits', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const issued = await authority.issue({ hosts: ['localhost'], notAfter: Date.UTC(2060, 5, 1) });

  expect(new X509Certificate(issued.certPem).validToDate.getTime()).toBe(Date.UTC(2060, 5, 1));
});

it('signs a weak self-signed certificate with its own RSA key', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });

  const { certPem } = await authority.issue({ hosts: ['localhost'], weakKey: true, selfSigned: true });

  const certificate = new X509Certificate(certPem);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

it('tells of an intermediate which key signed it, as strict verifiers ask', async () => {
  const authority = await createAuthority({ name: 'Lab authority', now });
  const intermediate = await authority.createIntermediate('Intermediate');

  const extension = (pem: string, name: string): string | undefined =>
    new RegExp(`${extensions[name]}(?:0101ff)?04..(.*?)(?=0603551d|$)`).exec(
      new X509Certificate(pem).raw.toString('hex'),
    )?.[1];

  const keyOfAuthority = extension(authority.certPem, 'subjectKeyIdentifier')?.slice(4, 44);
  expect(keyOfAuthority).toHaveLength(40);
  expect(extension(intermediate.certPem, 'authorityKeyIdentifier')).toContain(keyOfAuthority);
});

/** Object identifiers in DER. */
const extensions: Readonly<Record<string, string>> = {
  subjectKeyIdentifier: '0603551d0e',
  authorityKeyIdentifier: '0603551d23',
};
