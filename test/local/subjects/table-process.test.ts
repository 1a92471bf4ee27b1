import { readFile, writeFile } from 'node:fs/promises';
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

it('journals that it stopped what was on the table, and which files the logs are', async () => {
  const world = await start();
  const log = join(world.table.directory, 'agent.log');
  world.table.follow('agent', log);
  await writeFile(log, 'INFO new\n', { mode: 0o640 });
  await writeFile(`${log}.1`, 'INFO old\n', { mode: 0o600 });
  world.table.use({ [Symbol.asyncDispose]: () => world.table.sleep(200) });

  await world.close();

  const journal = world.journal.seal();
  const stops = journal.filter((entry) => entry.kind === 'lab.stopped');
  const files = journal.filter((entry) => entry.kind === 'lab.log-file');
  expect(stops).toHaveLength(1);
  expect(stops[0]?.tookMs).toBeGreaterThan(180);
  expect(files.map(({ log: name, file, mode, bytes }) => [name, file, mode, bytes]).toSorted()).toEqual([
    ['agent', 'agent.log', '640', 9],
    ['agent', 'agent.log.1', '600', 9],
  ]);
});
