/** What a run needs of the user's home: nothing, and it leaves nothing there but the cache. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fixture, reportDirectory, runCommand } from './command.ts';

it('leaves nothing in the home', async () => {
  await using home = await reportDirectory();
  const env = { HOME: home.path, XDG_DATA_HOME: '', XDG_CACHE_HOME: join(home.path, 'cache') };

  const run = await runCommand(['run', fixture('holds'), '--out', join(home.path, 'reports')], env);

  expect(run.output).toContain('as expected');
  expect((await readdir(home.path)).filter((name) => name !== 'cache')).toEqual(['reports']);
});

it('plays without a home', async () => {
  await using out = await reportDirectory();
  const env = { HOME: '/dev/null', XDG_DATA_HOME: '', XDG_CACHE_HOME: '' };

  const run = await runCommand(['run', 'unreachable/refused', '--out', out.path], env);

  expect(run.output).toMatch(/\/dev\/null\/\.cache\/shaketable\/database cannot be written \(\w+\)/);
  expect(run.output).toContain('as expected');
});
