/** Mistakes that are told of before scenarios are loaded or anything is played: minutes of work are not lost to a misspelt path. */
import { expect, it } from 'vitest';
import { fixture, runCommand } from './command.ts';

const through = 'package.json/reports';

it.each([
  [
    'reports of a run below a file',
    ['run', '--out', through, fixture('holds')],
    `Cannot use ${through} (ENOTDIR)`,
  ],
  ['reports of a benchmark below a file', ['bench', '--out', through], `Cannot use ${through} (ENOTDIR)`],
  ['a merged run below a file', ['merge', '--out', through, 'reports/a'], `Cannot use ${through} (ENOTDIR)`],
  ['an incident below a file', ['reproduce', '--out', through, 'a.log'], `Cannot use ${through} (ENOTDIR)`],
  [
    'a subject file that is not there',
    ['run', '--subject', 'no-such.json'],
    'no-such.json\n→ Check the path.',
  ],
  [
    'a schedule that is not there',
    ['explore', '--replay', 'no-such.json'],
    'no-such.json\n→ Check the path.',
  ],
  ['runs to be removed from nowhere', ['down', 'run-1'], 'no server is named\n→ Add --on URL'],
])('ends with 64 for %s', async (_what, args, said) => {
  const run = await runCommand(args);

  expect(run.output).toContain(said);
  expect(run.code).toBe(64);
});
