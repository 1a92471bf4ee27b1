/** One program, judged alone. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { findProgram } from '../../../harness/databases/programs.ts';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { fixture, reportDirectory, runCommand } from './command.ts';

const example = resolve(import.meta.dirname, '../../../docs/examples/curl-gives-up.ts');
const alone = 'one program alone: nothing has shown that its checks can fail.';

it.skipIf(findProgram('curl', process.env) === undefined)(
  'plays the example with curl, and every report says what it lacks',
  async () => {
    await using out = await reportDirectory();

    const run = await runCommand(['run', example, '--seed', '1', '--out', out.path]);
    const read = (name: string): Promise<string> => readFile(join(out.path, 'latest', name), 'utf8');
    const { scenarios } = JSON.parse(await read('run.json')) as RunResult;

    expect(run.output).toMatch(/✓ examples\/curl-gives-up +curl passes/);
    expect(run.output).toContain(alone);
    expect(run.output).toContain('exit    0: every check passed');
    expect(run.code).toBe(0);
    expect(scenarios[0]).toMatchObject({
      reported: [],
      subjects: [{ name: 'curl', expected: 'pass', outcome: 'pass' }],
    });
    for (const name of ['junit.xml', 'summary.md', 'index.html']) expect(await read(name)).toContain(alone);
    expect((await runCommand(['check', join(out.path, 'latest')])).code).toBe(0);
  },
);

it('fails what is alone by any check, and says so of the others beside it', async () => {
  await using out = await reportDirectory();

  const both = await runCommand([
    'run',
    fixture('alone-fails'),
    fixture('holds'),
    '--seed',
    '1',
    '--out',
    out.path,
  ]);

  expect(both.output).toContain('mine fails quiet (there is no alarm): measured 1, expected at most 0');
  expect(both.output).toContain(`1 scenario judges ${alone}`);
  expect(both.output).toContain('1 of 2 scenarios as expected, 1 not as expected');
  expect(both.code).toBe(1);
});
