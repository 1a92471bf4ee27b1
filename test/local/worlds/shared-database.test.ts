/** The database that scenarios share, and runs that need none. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { StartedDatabase } from '../../../harness/databases/index.ts';
import { LabError } from '../../../harness/errors.ts';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { askForDatabase, offerDatabase } from '../../../harness/worlds/local/shared-database.ts';
import { fixture, reportDirectory, runCommand } from '../run/command.ts';

const facts = { flavour: 'mariadb', version: '10.11', host: '127.0.0.1', port: 3306, rootUser: 'root' };

it('starts once, when it is asked for first, and stops with the run', async () => {
  const told: string[] = [];
  await using offered = await offerDatabase(async () => {
    told.push('start');
    return {
      ...facts,
      log: () => [],
      stop: async () => void told.push('stop'),
    } as unknown as StartedDatabase;
  });
  expect([offered.name, told]).toEqual(['none', []]);

  const answers = await Promise.all([askForDatabase(offered.offer), askForDatabase(offered.offer)]);

  expect(answers).toMatchObject([facts, facts]);
  expect([offered.name, told]).toEqual(['mariadb 10.11', ['start']]);
  expect(offered.trouble()).toBeUndefined();
  await offered[Symbol.asyncDispose]();
  expect(told).toEqual(['start', 'stop']);
});

it('tells everybody who asks why there is none, and the run too', async () => {
  const missing = new LabError('LAB_DATABASE_MISSING', 'No server was found', { hint: 'Install one.' });
  await using offered = await offerDatabase(() => Promise.reject(missing));

  for (let time = 0; time < 2; time += 1) {
    await expect(askForDatabase(offered.offer)).rejects.toMatchObject({
      code: 'LAB_DATABASE_MISSING',
      message: 'No server was found',
      hint: 'Install one.',
    });
  }
  expect(offered.trouble()).toBe(missing);
});

it('is not missed by a run that asks for none, and says what is missing to one that does', async () => {
  await using out = await reportDirectory();
  const nowhere = { SHAKETABLE_MYSQLD: '/no/such/mysqld' };
  const asking = join(out.path, 'asks.ts');
  const text = await readFile(fixture('plain'), 'utf8');
  await writeFile(
    asking,
    `${text}\nplainScenario('mine/asks', ['naive'], async (table) => void (await table.database()));\n`,
  );

  const without = await runCommand(['run', fixture('holds'), '--out', out.path], nowhere);
  const run = JSON.parse(await readFile(join(out.path, 'latest/run.json'), 'utf8')) as RunResult;
  const beside = await runCommand(['run', fixture('holds'), asking, '--out', out.path], nowhere);

  expect(without.output).toContain('1 of 1 scenario as expected');
  expect(without.code).toBe(0);
  expect(run.versions.database).toBe('none');
  expect(beside.output).toContain('SHAKETABLE_MYSQLD');
  expect(beside.output).toContain('1 of 2 scenarios as expected, 1 inconclusive');
  expect(beside.code).toBe(64);
});
