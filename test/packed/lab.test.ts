import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import {
  type Consumer,
  copyIn,
  createConsumer,
  install,
  installOldNode,
  measureInstalled,
  root,
} from './consumer.ts';

let consumer: Consumer;

beforeAll(async () => {
  consumer = await createConsumer();
  await install(consumer, inject('tarballs').shaketable, inject('tarballs')['shaketable-proxy']);
});
afterAll(() => consumer[Symbol.asyncDispose]());

it('tells how much it installs', async () => {
  const { packages, megabytes } = await measureInstalled(consumer);

  console.log(`shaketable: ${packages} packages, ${megabytes} MB`);
  expect(packages).toBeLessThanOrEqual(200);
  expect(megabytes).toBeLessThan(200);
});

it('shows every command', async () => {
  const { code, output } = await consumer.run('npx', 'shaketable', '--help');

  for (const command of ['run', 'list', 'check', 'report', 'doctor', 'up', 'down', 'init', 'proxy'])
    expect(output).toMatch(new RegExp(`^  ${command} `, 'm'));
  expect(code).toBe(0);
});

it('names pages of the documentation by where they are', async () => {
  const { code, output } = await consumer.run('npx', 'shaketable', 'run', '--world', 'external');
  const [page = ''] = output.match(/\S+\.md/) ?? [];

  expect(page).toBe('node_modules/shaketable/docs/worlds.md');
  expect(await consumer.read(page)).toContain('# Worlds');
  expect(code).toBe(64);
});

it('explores a client of the user’s, in several processes', async () => {
  await copyIn(consumer, 'docs/examples/outbox.ts', 'outbox.ts');
  await copyIn(consumer, 'docs/examples/explore-outbox.ts', 'explore-outbox.ts');

  const { code, output } = await consumer.run(
    ...['npx', 'shaketable', 'explore', 'explore-outbox.ts', '--seed', '1', '--seeds', '20'],
    ...['--findings', '1', '--workers', '2', '--times', '1'],
  );

  expect(output).toContain('✗ nothing-doubled');
  expect(output).toContain('simulated: fails · local: fails 1 of 1 times');
  expect(code, output).toBe(1);
}, 120_000);

it('brings its scenarios along', async () => {
  const { output } = await consumer.run('npx', 'shaketable', 'list', '--json');

  const files = await readdir(join(root, 'scenarios'), { recursive: true });
  const ids = files
    .filter((file) => file.includes('/') && file.endsWith('.ts') && !/^(rigs|explorations)\//.test(file))
    .map((file) => file.replace(/\.ts$/, ''));
  expect(
    JSON.parse(output)
      .map(({ id }: { id: string }) => id)
      .toSorted(),
  ).toEqual(ids.toSorted());
});

it('plays scenarios with agents in its process and as programs, and writes nothing into node_modules', async () => {
  const before = await listing(consumer);

  const { code, output } = await consumer.run(
    ...['npx', 'shaketable', 'run', 'unreachable/refused', 'unreachable/start-up-check'],
    ...['silent-socket/send-to-a-silent-peer', '--world', 'local', '--seed', '4711'],
  );

  expect(output).toContain('3 of 3 scenarios as expected');
  expect(code).toBe(0);
  expect(await listing(consumer)).toEqual(before);
});

it('judges the stored run again', async () => {
  const { code, output } = await consumer.run('npx', 'shaketable', 'check', 'reports/latest');

  expect(output).toContain('Every check gives what the run said.');
  expect(code).toBe(0);
});

it("plays a scenario of somebody's own by its path", async () => {
  await copyIn(consumer, 'docs/examples/every-call-ends.ts', 'my-scenario.ts');

  const { code, output } = await consumer.run('npx', 'shaketable', 'run', './my-scenario.ts', '--seed', '7');

  expect(output).toContain('✓ examples/every-call-ends');
  expect(code).toBe(0);
});

it('says what to install for what it does not bring along', async () => {
  const { code, output } = await consumer.run(
    ...['npx', 'shaketable', 'run', 'unreachable/refused', '--world', 'containers'],
  );

  expect(output).toContain('npm install --save-dev testcontainers@^12.2.0');
  expect(code).toBe(3);
});

it.each([
  { kind: 'what npm writes', manifest: undefined, ending: '.mts' },
  { kind: 'modules', manifest: { type: 'module', scripts: { test: 'true' } }, ending: '.ts' },
  { kind: 'CommonJS', manifest: { type: 'commonjs' }, ending: '.mts' },
])('starts a project of $kind off with a scenario that passes', async ({ manifest, ending }) => {
  await using project = await createConsumer();
  if (manifest !== undefined) await project.write('package.json', JSON.stringify(manifest));
  await install(project, inject('tarballs').shaketable, inject('tarballs')['shaketable-proxy']);

  const begun = await project.run('npx', 'shaketable', 'init');
  const { code, output } = await project.run('npm', 'run', 'lab');

  expect(begun.output).toContain(`scenarios/first-scenario${ending}`);
  expect(begun.code).toBe(0);
  expect(output).toContain('✓ first-scenario');
  expect(output).toContain('1 of 1 scenario as expected');
  expect(code).toBe(0);
});

it('says on an old Node which Node it needs', async () => {
  await using old = await installOldNode();

  const { code, output } = await consumer.run(old.node, 'node_modules/.bin/shaketable', 'run');

  expect(output).toBe(
    `shaketable needs Node 24 or newer; this is v${old.version}.\n→ For this project alone: npm install --save-dev node@24\n`,
  );
  expect(code).toBe(3);
});

async function listing({ path }: Consumer): Promise<string[]> {
  return (await readdir(join(path, 'node_modules'), { recursive: true })).toSorted();
}
