import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startLocalTable } from '../../../harness/worlds/local/table.ts';
import type { StartedTable } from '../../../harness/worlds/table-deps.ts';

/** A table without a database: nothing here asks for one. */
function start(): Promise<StartedTable> {
  const database = {} as Parameters<typeof startLocalTable>[0]['database'];
  return startLocalTable({
    scenario: 'test/process',
    subject: 'hardened',
    seed: 1,
    pace: 10,
    faults: {},
    database,
  });
}

const exitOf = (world: StartedTable) => world.journal.seal().find((entry) => entry.kind === 'process.exit');

it('journals the end of a process with its code', async () => {
  const world = await start();
  const output = join(world.table.directory, 'output.log');

  const { exited } = await world.table.process('short', {
    command: process.execPath,
    args: ['-e', 'console.log(process.env.WORD); process.exitCode = 3'],
    env: { WORD: 'hello' },
    stdoutFile: output,
  });
  await exited;

  expect(await readFile(output, 'utf8')).toBe('hello\n');
  await world.close();
  expect(exitOf(world)).toMatchObject({ source: 'process', process: 'short', code: 3, signal: null });
});

it('stops a process with the table', async () => {
  const world = await start();
  await world.table.process('long', {
    command: process.execPath,
    args: ['-e', 'setInterval(() => {}, 1000)'],
  });

  await world.close();

  expect(exitOf(world)).toMatchObject({ process: 'long', signal: 'SIGTERM' });
  expect(exitOf(world)?.ranMs).toBeGreaterThan(0);
});

it('puts the records of a process, which has the wall clock, at their place in lab time', async () => {
  const world = await start();
  const output = join(world.table.directory, 'output.log');
  world.table.follow('agent', output, { clock: 'wall' });
  await world.table.sleep(1_000);
  world.table.note('before');

  const { exited } = await world.table.process('short', {
    command: process.execPath,
    args: ['-e', 'console.log(JSON.stringify({ level: "info", time: Date.now(), msg: "now" }))'],
    stdoutFile: output,
  });
  await exited;
  await world.close();

  const [before, record, exit] = world.journal.seal().filter(({ kind }) => kind !== 'lab.secret-scan');
  expect(before).toMatchObject({ name: 'before' });
  expect(record).toMatchObject({ message: 'now' });
  expect(exit?.kind).toBe('process.exit');
});

it('stays whole when a scenario spreads the table to change a part of it', async () => {
  const world = await start();
  const table = { ...world.table, subject: 'another' };

  table.note('spread');
  const { count } = table;
  await world.close();

  expect(table.subject).toBe('another');
  expect(count({ kind: 'subject.note', name: 'spread' })).toBe(1);
});
