/** `shaketable explore`, from the first schedule to a scenario that fails. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reportDirectory, runCommand } from '../../local/run/command.ts';

const outbox = 'docs/examples/explore-outbox.ts';

it('finds what the outbox doubles, makes it small, and writes a scenario that fails in its turn', async () => {
  await using out = await reportDirectory();
  const sweep = ['explore', outbox, '--seed', '1', '--seeds', '60', '--findings', '1', '--out', out.path];

  const first = await runCommand([...sweep, '--times', '1']);

  expect(first.code, first.output).toBe(1);
  expect(first.output).toMatch(/✗ nothing-doubled {3}seed \d+/);
  expect(first.output).toContain('without it, it passes');
  expect(first.output).toMatch(/simulated: fails · local: fails 1 of 1 times/);

  const directory = join(out.path, 'explore/examples-outbox');
  const files = await readdir(directory);
  const schedule = join(directory, files.find((file) => file.endsWith('.json')) as string);
  const { seed, faults } = JSON.parse(await readFile(schedule, 'utf8'));
  expect(faults).toHaveLength(1);

  const replay = await runCommand(['explore', '--replay', schedule, '--times', '2']);
  expect(replay.code, replay.output).toBe(1);
  expect(replay.output).toContain('simulated: fails 2 of 2 times');

  const scenario = schedule.replace(/json$/, 'ts');
  const run = await runCommand([
    'run',
    scenario,
    '--world',
    'simulated',
    '--seed',
    String(seed),
    '--out',
    out.path,
  ]);
  expect(run.code, run.output).toBe(1);
  expect(run.output).toContain('nothing-doubled');
}, 120_000);

it.each([
  {
    what: 'a schedule that never comes back',
    args: ['spins.ts', '--seed', '3', '--seeds', '2'],
    said: 'The schedule of seed 3 kept the thread for 10 s of processor time',
    ends: 1,
  },
  {
    what: 'one in a process of its own',
    args: ['spins.ts', '--seed', '3', '--seeds', '2', '--workers', '2'],
    said: /The schedule of seed [34] kept the thread.*A process that plays schedules ended/s,
    ends: 3,
  },
  {
    what: 'a file that never comes to its end',
    args: ['never-loaded.ts'],
    said: 'Loading test/end-to-end/explore/scenarios/never-loaded.ts kept the thread',
    ends: 64,
  },
])('ends at $what, and says where', { timeout: 120_000 }, async ({ args, said, ends }) => {
  await using out = await reportDirectory();
  const [file = '', ...more] = args;
  const command = [
    'explore',
    join('test/end-to-end/explore/scenarios', file),
    ...more,
    '--no-prove',
    '--out',
    out.path,
  ];

  const { output, code } = await runCommand(command);

  expect(output).toMatch(said);
  expect(code).toBe(ends);
});

it('plays the same schedules from the same seed, in however many processes', async () => {
  await using out = await reportDirectory();
  const command = [
    'explore',
    outbox,
    '--seed',
    '5',
    '--seeds',
    '6',
    '--no-prove',
    '--json',
    '--findings',
    '1',
    '--out',
    out.path,
  ];

  const one = await runCommand(command);
  const other = await runCommand([...command, '--workers', '2']);

  expect(one.code).toBe(other.code);
  expect(one.output.replaceAll(/[\d.]+ m?s|\d+ a minute|\d+ %/g, '')).toBe(
    other.output.replaceAll(/[\d.]+ m?s|\d+ a minute|\d+ %/g, ''),
  );
});

it.each([
  [[], 'There is nothing to explore'],
  [['docs/examples/outbox.ts'], 'has nothing to explore'],
  [['docs/examples/missing.ts'], 'There is no file'],
  [['--replay', 'package.json'], 'package.json is no schedule'],
])('refuses %j in words', async (args, words) => {
  const { code, output } = await runCommand(['explore', ...args]);

  expect(code, output).toBe(64);
  expect(output).toContain(words);
});
