/** The lab's authority in the forms in which runtimes take it. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findProgram } from '../../../harness/databases/programs.ts';
import { trustEnvironment, writeTrust } from '../../../harness/foreign/trust.ts';
import { createAuthority } from '../../../proxy/certificates/index.ts';

async function written() {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const { certPem } = await createAuthority({ name: 'Test authority', now: Date.now() });
  return { certPem, files: await writeTrust(directory, certPem) };
}

it('writes the authority as PEM, for its owner alone', async () => {
  const { certPem, files } = await written();

  expect(await readFile(files.caFile, 'utf8')).toBe(certPem);
  expect((await stat(files.caFile)).mode & 0o777).toBe(0o600);
  expect((await stat(files.trustStore)).mode & 0o777).toBe(0o600);
});

it.skipIf(findProgram('keytool', process.env) === undefined)(
  'writes a key store that Java reads, with that very certificate',
  async () => {
    const { certPem, files } = await written();
    const list = execFileSync(
      'keytool',
      ['-list', '-keystore', files.trustStore, '-storepass', 'changeit', '-v'],
      {
        encoding: 'utf8',
      },
    );

    expect(list).toContain('trustedCertEntry');
    expect(list).toContain(new X509Certificate(certPem).fingerprint256);
  },
);

it('tells Java of it only where Java is started', async () => {
  const { files } = await written();

  expect(trustEnvironment(files, false)).not.toHaveProperty('JAVA_TOOL_OPTIONS');
  expect(trustEnvironment(files, true).JAVA_TOOL_OPTIONS).toContain(files.trustStore);
});
