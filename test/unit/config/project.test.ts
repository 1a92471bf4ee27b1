import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadProject } from '../../../harness/config/project.ts';

const builtIn = resolve(import.meta.dirname, '../../../scenarios');
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'shaketable-config-'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(file: string, content: string): Promise<string> {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), content);
  return join(root, file);
}

const folders = async (from: string): Promise<string[]> =>
  (await loadProject(undefined, from)).folders.map(({ directory }) => directory);

it('has the scenarios of the lab where there is no config', async () => {
  expect(await folders(root)).toEqual([builtIn]);
});

it('finds the config of a directory above, whose paths are relative to it', async () => {
  await write('shaketable.config.json', '{ "scenarios": "lab", "builtIn": false }');
  await write('lab/x.ts', '');
  await write('deep/down/x.txt', '');

  expect(await folders(join(root, 'deep/down'))).toEqual([join(root, 'lab')]);
});

it.each([
  '.ts',
  '.mts',
  '.js',
  '.mjs',
])('reads shaketable.config%s, which may import shaketable where it is not installed', async (ending) => {
  await write('package.json', '{ "type": "module" }');
  await write('lab/x.ts', '');
  await write(
    `shaketable.config${ending}`,
    "import { defineConfig } from 'shaketable'; export default defineConfig({ scenarios: ['lab'] });",
  );

  expect(await folders(root)).toEqual([join(root, 'lab'), builtIn]);
});

it('takes the file that is named, and no other', async () => {
  await write('shaketable.config.json', '{ "builtIn": false }');
  await write('one/s/x.ts', '');
  await write('one/other.json', '{ "scenarios": "s", "builtIn": false }');

  const project = await loadProject('one/other.json', root);

  expect(project.folders).toEqual([{ directory: join(root, 'one/s'), ignore: [] }]);
});

it('takes the JavaScript that was compiled from a module it names', async () => {
  await write('shaketable.config.json', '{ "images": "images.ts", "builtIn": false }');
  const compiled = await write('images.js', 'export const images = [];');

  expect((await loadProject(undefined, root)).images).toEqual([compiled]);
});

it.each([
  ['an unknown field', '{ "scenario": "lab" }', 'there is no `scenario`; did you mean scenarios?'],
  ['a far-off field', '{ "colour": "red" }', 'there is no `colour`; there is scenarios, ignore'],
  ['a field of another type', '{ "builtIn": "no" }', 'builtIn: Invalid input: expected boolean'],
  ['what is no object', '[]', 'expected object'],
  ['what is no JSON', '{', 'is not JSON'],
  ['a folder that is missing', '{ "scenarios": "nowhere" }', 'names nowhere, and there is no such folder'],
  ['a module that is missing', '{ "images": "nowhere.ts" }', 'names nowhere.ts, and there is no such file'],
])('refuses %s', async (_what, content, message) => {
  await write('shaketable.config.json', content);

  await expect(loadProject(undefined, root)).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: expect.stringContaining(message),
  });
});

it.each([
  ['that exports nothing', 'const x = 1;', 'exports no config'],
  ['that throws', "throw new Error('broken');", 'cannot be loaded: broken'],
])('refuses a module %s', async (_what, content, message) => {
  await write('shaketable.config.mjs', content);

  await expect(loadProject(undefined, root)).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: expect.stringContaining(message),
  });
});

it('refuses a named file that is missing', async () => {
  await expect(loadProject('nowhere.json', root)).rejects.toMatchObject({ code: 'LAB_BAD_INPUT' });
});
