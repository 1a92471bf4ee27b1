/** Which scenarios a name means in a project that leaves the lab's own out, as the one that `init` writes does. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findScenarios, withNamed } from '../../../harness/cli/scenario-files.ts';
import { loadProject, type Project } from '../../../harness/config/project.ts';

const builtIn = resolve(import.meta.dirname, '../../../scenarios');
let root: string;
let project: Project;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
  await mkdir(join(root, 'scenarios'));
  await writeFile(join(root, 'scenarios/mine.ts'), '');
  await writeFile(join(root, 'scenarios/refused-twice.ts'), '');
  await writeFile(join(root, 'shaketable.config.json'), '{ "builtIn": false }');
  project = await loadProject(undefined, root);
});
afterAll(() => rm(root, { recursive: true }));

const ids = async (...wanted: string[]): Promise<string[]> =>
  (await findScenarios(wanted, project)).map(({ id }) => id);

it('plays its own where none is named, and where the name is one of its own', async () => {
  expect(await ids()).toEqual(['mine', 'refused-twice']);
  expect(await ids('refused')).toEqual(['refused-twice']);
});

it('finds what it leaves out by its id, and by its folder', async () => {
  expect(await ids('unreachable/refused')).toEqual(['unreachable/refused']);
  expect(await ids('unreachable/')).toContain('unreachable/black-hole');
});

it('knows the nearest name there as well', async () => {
  await expect(ids('unreachable/refusd')).rejects.toThrow('There is no scenario called unreachable/refusd');
  await expect(ids('unreachable/refusd')).rejects.toMatchObject({
    hint: expect.stringContaining('Did you mean unreachable/refused?'),
  });
});

it('takes the folders and images of what was named, and no others', async () => {
  const folders = (of: Project): string[] => of.folders.map(({ directory }) => directory);
  const named = withNamed(project, await findScenarios(['unreachable/refused'], project));

  expect(folders(withNamed(project, await findScenarios([], project)))).toEqual([join(root, 'scenarios')]);
  expect(folders(named)).toEqual([join(root, 'scenarios'), builtIn]);
  expect(named.images).toHaveLength(1);
});
