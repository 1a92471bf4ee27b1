import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type Consumer, createConsumer, install, root } from './consumer.ts';

const { typescript, '@types/node': types } = manifest.devDependencies;
let consumer: Consumer;

beforeAll(async () => {
  consumer = await createConsumer();
  const { shaketable, 'shaketable-proxy': proxy } = inject('tarballs');
  await install(consumer, shaketable, proxy, `typescript@${typescript}`, `@types/node@${types}`);
});
afterAll(() => consumer[Symbol.asyncDispose]());

const use = `
import { defineConfig, scenario, toxic } from 'shaketable';
import { type ProxyHandle, startProxy } from 'shaketable/proxy';
import { seededRandom } from 'shaketable-proxy/random';

await using proxy = await startProxy({ proxies: [{ name: 'api', upstream: '127.0.0.1:9' }] });
const api: ProxyHandle = proxy.proxy('api');
const chance: number = seededRandom(7).next();
console.log(typeof toxic, typeof scenario, chance < 1, proxy.proxies.length, api !== undefined);
export default defineConfig({ scenarios: 'lab' });
`;

it.each([
  { module: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
])('satisfies strict TypeScript that checks declarations too ($module)', async (resolution) => {
  await consumer.write('use.mts', use);
  const compilerOptions = {
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    target: 'esnext',
    ...resolution,
  };
  await consumer.write(
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { ...compilerOptions, types: ['node'] }, files: ['use.mts'] }),
  );

  expect(await consumer.run('npx', 'tsc')).toEqual({ code: 0, output: '' });
});

it('runs as the compiled JavaScript', async () => {
  await consumer.write(
    'use.mjs',
    use.replace('type ProxyHandle, ', '').replaceAll(/: (ProxyHandle|number) =/g, ' ='),
  );

  expect(await consumer.run('node', 'use.mjs')).toEqual({
    code: 0,
    output: 'function function true 1 true\n',
  });
});

it.each(['shaketable', 'shaketable-proxy'] as const)('%s has no fault that publint finds', async (name) => {
  const { code, output } = await consumer.run(
    'node',
    `${root}/node_modules/publint/src/cli.js`,
    inject('tarballs')[name],
    '--strict',
  );

  expect(output).toContain('All good!');
  expect(code).toBe(0);
});

it.each([
  'shaketable',
  'shaketable-proxy',
] as const)('%s has types that fit its code, as attw sees it', async (name) => {
  const { code, output } = await consumer.run(
    'node',
    `${root}/node_modules/@arethetypeswrong/cli/dist/index.js`,
    inject('tarballs')[name],
    ...['--profile', 'esm-only', '--format', 'json'],
  );

  const { problems } = JSON.parse(output) as { problems: Record<string, { resolutionKind?: string }[]> };
  const serious = Object.values(problems)
    .flat()
    .filter(({ resolutionKind = '' }) => !outOfScope.includes(resolutionKind));
  expect(serious).toEqual([]);
  expect(code).toBe(0);
});

/** Node before 12 knows no entrances, and modules alone are what the packages are. */
const outOfScope = ['node10', 'node16-cjs'];
