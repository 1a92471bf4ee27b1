import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { labTemporaryDirectory, type TemporaryDirectory } from '../../../harness/cleanup/index.ts';
import { type DatabaseBinary, findDatabase } from '../../../harness/databases/index.ts';
import { createData } from '../../../harness/databases/template.ts';

let binary: DatabaseBinary;
let directory: TemporaryDirectory;
let place: string;
let cache: string;
let told: string[];

beforeAll(async () => {
  binary = await findDatabase();
});

beforeEach(async () => {
  directory = await labTemporaryDirectory('template-test', { memory: true });
  place = directory.path;
  cache = join(place, 'cache');
  told = [];
});

afterEach(() => directory[Symbol.asyncDispose]());

const create = (name: string): Promise<void> =>
  createData(binary, join(place, name), { cache, announce: (line) => told.push(line) });

const isData = (name: string): boolean => existsSync(join(place, name, 'ibdata1'));

it('builds a template once and copies it from then on', async () => {
  await create('one');
  await create('two');

  expect(isData('one') && isData('two')).toBe(true);
  expect(told).toEqual([expect.stringContaining('(once)')]);
  expect(await readdir(cache)).toHaveLength(1);
});

it('survives two runs that build at once', async () => {
  await Promise.all([create('one'), create('two')]);

  expect(isData('one') && isData('two')).toBe(true);
  expect(await readdir(cache)).toHaveLength(1);
});

it('throws a template away that was cut short', async () => {
  await create('one');
  const [template] = await readdir(cache);
  await rm(join(cache, String(template), 'data', 'ibdata1'));
  await create('two');
  await rm(join(cache, String(template), 'complete.json'));
  await create('three');
  await writeFile(join(cache, String(template), 'complete.json'), '{"fil');
  await create('four');

  expect(['one', 'two', 'three', 'four'].every(isData)).toBe(true);
  expect(told).toHaveLength(4);
});

it('removes what a builder left long ago and spares one that is at work', async () => {
  await create('one');
  const [template] = await readdir(cache);
  await mkdir(join(cache, `${template}.dead`, 'data'), { recursive: true });
  await utimes(join(cache, `${template}.dead`), 0, 0);
  await mkdir(join(cache, `${template}.busy`));
  await rm(join(cache, String(template)), { recursive: true });

  await create('two');

  expect((await readdir(cache)).sort()).toEqual([template, `${template}.busy`]);
});

it('does without a cache where none can be written', async () => {
  await writeFile(cache, 'a file in its place');

  await create('one');

  expect(isData('one')).toBe(true);
  expect(told.at(-1)).toContain('for this run alone');
});
