import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findDatabase } from '../../../harness/databases/index.ts';

let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'find-database-test-'));
});

afterEach(() => rm(place, { recursive: true, force: true }));

const mysql = 'mysqld  Ver 9.7.4 for Linux on x86_64 (MySQL Community Server - GPL)';
const mariadb = 'mariadbd  Ver 10.11.19-MariaDB for debian-linux-gnu on x86_64';

/** Puts a program that says `output` where it is asked to, and MariaDB's installer beside it. */
async function program(directory: string, name: string, output: string): Promise<string> {
  const path = join(place, directory, name);
  await mkdir(join(place, directory), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${output}"\n`);
  await writeFile(join(place, directory, 'mariadb-install-db'), '');
  await chmod(path, 0o755);
  return path;
}

/** The options of a search that sees nothing but the given directories. */
function only(path: string[], places: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const absolute = (names: string[]) => names.map((name) => join(place, name));
  const PATH = absolute(path).join(delimiter);
  return { env: { PATH, HOME: place, ...env }, places: absolute(places) };
}

it('takes the server that SHAKETABLE_MYSQLD names before any other', async () => {
  await program('path', 'mysqld', mysql);
  const named = await program('named', 'my-own-mariadbd', mariadb);

  const found = await findDatabase(only(['path'], [], { SHAKETABLE_MYSQLD: named }));

  expect(found).toMatchObject({ path: named, flavour: 'mariadb', version: '10.11.19' });
});

it.each([
  ['is missing', 'nowhere', undefined],
  ['says something else', 'other', 'sqlite 3.45'],
])('refuses a SHAKETABLE_MYSQLD that %s instead of looking elsewhere', async (_title, name, output) => {
  await program('path', 'mysqld', mysql);
  const named = output === undefined ? join(place, name) : await program('named', name, output);

  await expect(findDatabase(only(['path'], [], { SHAKETABLE_MYSQLD: named }))).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: expect.stringContaining(named),
  });
});

it('prefers MySQL to a MariaDB that comes first in PATH', async () => {
  await program('first', 'mariadbd', mariadb);
  const second = await program('second', 'mysqld', mysql);

  expect(await findDatabase(only(['first', 'second']))).toMatchObject({ path: second, flavour: 'mysql' });
});

it('is not misled by a MariaDB that is called mysqld', async () => {
  const server = await program('path', 'mariadbd', mariadb);
  await symlink(server, join(place, 'path', 'mysqld'));

  expect(await findDatabase(only(['path']))).toMatchObject({ flavour: 'mariadb' });
});

it('looks in the usual places, which are not in everybody’s PATH', async () => {
  const server = await program('sbin', 'mariadbd', mariadb);

  expect(await findDatabase(only(['path'], ['sbin']))).toMatchObject({
    path: server,
    installer: join(place, 'sbin', 'mariadb-install-db'),
  });
});

it('uses what an earlier set-up downloaded', async () => {
  const server = await program(
    '.cache/shaketable/database/mysqlmsn/binaries/9.7.2/mysql/bin',
    'mysqld',
    mysql,
  );

  expect(await findDatabase(only([]))).toMatchObject({ path: server });
});

it('lists the choices and what was passed over when there is none', async () => {
  const broken = await program('path', 'mysqld', 'nonsense');
  await writeFile(join(place, 'path', 'mariadbd'), 'not executable');

  await expect(findDatabase(only(['path']))).rejects.toMatchObject({
    code: 'LAB_DATABASE_MISSING',
    message: expect.stringContaining(`${broken}: it says "nonsense"`),
    hint: expect.stringMatching(/--set-up[\s\S]*apt-get[\s\S]*dnf[\s\S]*brew[\s\S]*SHAKETABLE_MYSQLD/),
  });
});

it('installs MariaDB with apt-get when set-up is wanted, and says so', async (context) => {
  if (process.getuid?.() !== 0) context.skip('installing packages takes root');
  const log = join(place, 'apt.log');
  const server = await program('staged', 'mariadbd', mariadb);
  await mkdir(join(place, 'path'), { recursive: true });
  const install = `echo "$@" >> ${log}\ncase "$*" in *install*) /bin/cp ${server} ${join(place, 'path')};; esac`;
  await writeFile(join(place, 'path', 'apt-get'), `#!/bin/sh\n${install}\n`, { mode: 0o755 });
  const told: string[] = [];

  const found = await findDatabase({ ...only(['path']), setUp: true, announce: (line) => told.push(line) });

  expect(found).toMatchObject({ path: join(place, 'path', 'mariadbd'), flavour: 'mariadb' });
  expect(told).toEqual([expect.stringContaining('mariadb-server-core, mariadb-client-core')]);
  expect(await readFile(log, 'utf8')).toMatch(/install -y --no-install-recommends mariadb-server-core/);
});

it('installs nothing unless it is asked to', async () => {
  await program('path', 'apt-get', 'installing');
  const told: string[] = [];

  await expect(
    findDatabase({ ...only(['path']), announce: (line) => told.push(line) }),
  ).rejects.toMatchObject({
    code: 'LAB_DATABASE_MISSING',
  });

  expect(told).toEqual([]);
});
