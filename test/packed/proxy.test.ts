import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type Consumer, createConsumer, install, installOldNode, measureInstalled } from './consumer.ts';

let consumer: Consumer;

beforeAll(async () => {
  consumer = await createConsumer();
  await install(consumer, inject('tarballs')['shaketable-proxy']);
});
afterAll(() => consumer[Symbol.asyncDispose]());

it('is less than 10 MB in at most 10 packages', async () => {
  const { packages, megabytes } = await measureInstalled(consumer);

  console.log(`shaketable-proxy: ${packages} packages, ${megabytes} MB`);
  expect(packages).toBeLessThanOrEqual(10);
  expect(megabytes).toBeLessThan(10);
});

it('tells its version as toxiproxy-server does', async () => {
  const { code, output } = await consumer.run('npx', 'shaketable-proxy', '-version');

  expect(output).toContain('toxiproxy-server version 2.12.0-shaketable');
  expect(code).toBe(0);
});

it('names itself in its usage as it was called', async () => {
  const { code, output } = await consumer.run('npx', 'shaketable-proxy', '-help');

  expect(output).toContain('Usage: shaketable-proxy [flags]');
  expect(code).toBe(0);
});

it('serves JavaScript, with certificates of its own', async () => {
  await consumer.write(
    'use.mjs',
    `import { startProxy } from 'shaketable-proxy';
     import { createAuthority } from 'shaketable-proxy/certificates';
     await using proxy = await startProxy({ proxies: [{ name: 'api', upstream: '127.0.0.1:9' }] });
     const { certPem } = await createAuthority({ name: 'Lab', now: Date.now() });
     console.log(proxy.proxies.length, certPem.includes('BEGIN CERTIFICATE'));`,
  );

  expect(await consumer.run('node', 'use.mjs')).toEqual({ code: 0, output: '1 true\n' });
});

it('says on an old Node which Node it needs', async () => {
  await using old = await installOldNode();

  const { code, output } = await consumer.run(old.node, 'node_modules/.bin/shaketable-proxy', '-version');

  expect(output).toBe(
    `shaketable-proxy needs Node 24 or newer; this is v${old.version}.\n→ For this project alone: npm install --save-dev node@24\n`,
  );
  expect(code).toBe(3);
});
