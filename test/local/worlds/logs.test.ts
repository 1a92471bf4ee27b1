/** What a table makes of the logs of programs that it has never seen. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EntryKind, EntryOf } from '../../../harness/journal/entry.ts';
import { startLocalTable } from '../../../harness/worlds/local/table.ts';
import type { StartedTable } from '../../../harness/worlds/table-deps.ts';

let world: StartedTable;

/** A table without a database: nothing here asks for one. */
beforeEach(async () => {
  const database = {} as Parameters<typeof startLocalTable>[0]['database'];
  world = await startLocalTable({
    scenario: 'test/logs',
    subject: 'mine',
    seed: 1,
    pace: 10,
    faults: {},
    database,
  });
});

afterEach(async () => {
  await world.close();
});

const entries = <K extends EntryKind>(kind: K) =>
  world.journal.seal().filter((entry) => entry.kind === kind) as unknown as EntryOf<K>[];

it('puts the records of a log into the journal, with their levels and the name of the format', async () => {
  const log = join(world.table.directory, 'agent.log');
  world.table.follow('agent', log);
  appendFileSync(
    log,
    'WARNING:root:late\nERROR:root:gone\nTraceback (most recent call last):\n  File "a.py"\nKeyError: 1\n',
  );

  await world.close();

  expect(entries('agent.log')).toMatchObject([
    { level: 'warn', severityText: 'WARNING', message: 'late', log: 'agent' },
    { level: 'error', message: 'gone\nTraceback (most recent call last):\n  File "a.py"\nKeyError: 1' },
  ]);
  expect(entries('log.format')).toMatchObject([
    { source: 'lab', of: 'agent', log: 'agent', format: 'python-logging', lines: 5, read: 5, unread: 0 },
  ]);
});

it('keeps fields of the program that have the name of one of the entry’s own', async () => {
  const log = join(world.table.directory, 'agent.log');
  world.table.follow('agent', log);
  appendFileSync(log, '{"level":"INFO","msg":"sent","source":{"line":3},"kind":"report","n":7}\n');

  await world.close();

  expect(entries('agent.log')).toMatchObject([
    { source: 'agent', level: 'info', own: { source: { line: 3 }, kind: 'report', n: 7 } },
  ]);
});

it('uses the times of a text only where it is told whose clock they are of', async () => {
  const [told, untold] = ['told', 'untold'].map((name) => join(world.table.directory, `${name}.log`));
  world.table.follow('agent', told ?? '', { clock: 'wall' });
  world.table.follow('agent', untold ?? '');
  await world.table.sleep(2_000);
  const ms = Math.floor(world.journal.startedAt) + 50;
  // A whole second would not be used.
  const stamp = new Date(ms % 1_000 === 0 ? ms + 1 : ms).toISOString();
  for (const path of [told, untold])
    appendFileSync(path ?? '', `{"time":"${stamp}","level":"INFO","msg":"sent"}\n`);

  await world.close();

  const at = (log: string) => entries('agent.log').find((entry) => entry.log === log);
  expect(at('told')?.t).toBeGreaterThan(480);
  expect(at('told')?.t).toBeLessThan(530);
  expect(at('untold')?.t).toBeGreaterThanOrEqual(2_000);
  expect([at('told')?.stamp, at('untold')?.stamp]).toEqual([stamp, stamp]);
});

it('follows a log by a regular expression of the scenario', async () => {
  const log = join(world.table.directory, 'agent.log');
  world.table.follow('agent', log, { format: { pattern: /^(?<level>\w)~(?<message>.*)$/ } });
  appendFileSync(log, 'E~gone\n');

  await world.close();

  expect(entries('agent.log')).toMatchObject([{ level: 'error', message: 'gone' }]);
  expect(entries('log.format')).toMatchObject([{ format: 'own', lines: 1, read: 1 }]);
});

it('refuses a format that there is not', () => {
  const log = join(world.table.directory, 'agent.log');

  expect(() => world.table.follow('agent', log, { format: 'pyno' })).toThrow(
    expect.objectContaining({ code: 'LAB_BAD_INPUT', hint: expect.stringContaining('did you mean pino?') }),
  );
});

it('gives each line that a process prints the level of its record', async () => {
  const { exited } = await world.table.process('agent', {
    command: process.execPath,
    args: [
      '-e',
      String.raw`console.log('ERROR:root:gone\n  more\n\nplain'); console.error('\u001b[33mWARN\u001b[0m late')`,
    ],
  });
  await exited;
  await world.close();

  const lines = entries('process.output');
  expect(lines.filter((entry) => entry.stream === 'stdout')).toMatchObject([
    { line: 'ERROR:root:gone', level: 'error' },
    { line: '  more', level: 'error', continues: true },
    { line: '' },
    { line: 'plain' },
  ]);
  expect(lines.filter((entry) => entry.stream === 'stdout').map((entry) => 'level' in entry)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(lines.find((entry) => entry.stream === 'stderr')).toMatchObject({ level: 'warn' });
  expect(
    entries('log.format')
      .map(({ of, log, format }) => [of, log, format])
      .toSorted(),
  ).toEqual([
    ['process', 'agent stderr', 'text'],
    ['process', 'agent stdout', 'python-logging'],
  ]);
});
