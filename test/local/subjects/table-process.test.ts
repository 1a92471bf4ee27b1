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
  await world.table.sleep(5_000);
  world.table.note('before');

  const { exited } = await world.table.process('short', {
    command: process.execPath,
    args: ['-e', 'console.log(JSON.stringify({ level: "info", time: Date.now(), msg: "now" }))'],
    stdoutFile: output,
  });
  await exited;
  await world.close();

  const entries = world.journal.seal();
  const at = (kind: string): number => entries.find((entry) => entry.kind === kind)?.t ?? Number.NaN;
  // The wall clock is set now and then, here by 50 ms at most; the lab runs twenty times as fast.
  const clockStepMs = 1_000;
  expect(entries.find(({ kind }) => kind === 'agent.log')).toMatchObject({ message: 'now' });
  expect(at('agent.log')).toBeGreaterThan(at('subject.note') - clockStepMs);
  expect(at('agent.log')).toBeLessThan(at('process.exit') + clockStepMs);
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

it('journals what a process prints into no file, each line with its stream', async () => {
  const world = await start();
  const { exited } = await world.table.process('short', {
    command: process.execPath,
    args: ['-e', 'console.log("one\\ntwo"); console.error("three")'],
  });
  await exited;
  await world.close();

  const output = world.journal.seal().filter((entry) => entry.kind === 'process.output');
  expect(output.map(({ process: name, stream, line }) => [name, stream, line]).toSorted()).toEqual([
    ['short', 'stderr', 'three'],
    ['short', 'stdout', 'one'],
    ['short', 'stdout', 'two'],
  ]);
});
