/**
 * How a program in any language comes to trust the lab's authority: files, and the variables by which runtimes and tools find them.
 * Nothing is switched off: who does not look at these does not trust the lab.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Password of the key store: what Java's own has. */
const storePassword = 'changeit';

/** Where the authority lies. */
export interface TrustFiles {
  readonly caFile: string;
  readonly trustStore: string;
}

/** Writes the authority as PEM and as a Java key store. */
export async function writeTrust(directory: string, certPem: string): Promise<TrustFiles> {
  const files = { caFile: join(directory, 'lab-ca.pem'), trustStore: join(directory, 'lab-trust.jks') };
  await writeFile(files.caFile, certPem, { mode: 0o600 });
  await writeFile(files.trustStore, javaKeyStore(new X509Certificate(certPem).raw), { mode: 0o600 });
  return files;
}

/** The variables by which programs find it; `isJava` for a command that starts a Java machine. */
export function trustEnvironment(
  { caFile, trustStore }: TrustFiles,
  isJava: boolean,
): Record<string, string> {
  const options = [
    `-Djavax.net.ssl.trustStore=${trustStore}`,
    `-Djavax.net.ssl.trustStorePassword=${storePassword}`,
    '-Djavax.net.ssl.trustStoreType=JKS',
  ];
  return {
    SSL_CERT_FILE: caFile, // OpenSSL, Go, Python's ssl, Ruby, rustls-native-certs
    REQUESTS_CA_BUNDLE: caFile, // Python's requests
    CURL_CA_BUNDLE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
    GIT_SSL_CAINFO: caFile,
    AWS_CA_BUNDLE: caFile,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
    ...(isJava ? { JAVA_TOOL_OPTIONS: options.join(' ') } : {}),
  };
}

/**
 * A key store of Sun's format JKS with one trusted certificate: magic, version 2, one entry of tag 2 (alias, date, type, DER), and
 * SHA-1 over the password in UTF-16, the words `Mighty Aphrodite` and all of that. Every JRE reads it.
 */
export function javaKeyStore(der: Uint8Array): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value, 'utf8');
    return Buffer.concat([number(bytes.length, 2), bytes]);
  };
  const entry = [number(2, 4), text('shaketable'), number(0, 8), text('X.509'), number(der.length, 4), der];
  const body = Buffer.concat([number(0xfe_ed_fe_ed, 4), number(2, 4), number(1, 4), ...entry]);
  const password = Buffer.from(storePassword, 'utf16le').swap16();
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(body).digest();
  return Buffer.concat([body, digest]);
}

/** Big-endian, in so many bytes. */
function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, Math.max(0, bytes - 6), Math.min(bytes, 6));
  return buffer;
}
