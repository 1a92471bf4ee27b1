/**
 * docs/adding-a-world.md, followed in a copy of the project: one line in the list and a folder make a world, whose types fit,
 * and in which a scenario comes out as expected.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyProject, projectRoot, type ScratchCopy } from '../../mutation/scratch-copy.ts';

let copy: ScratchCopy;

beforeAll(async () => {
  const page = await readFile(join(projectRoot, 'docs/adding-a-world.md'), 'utf8');
  const [line = '', module = '', table = ''] = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(
    ([, code = '']) => code,
  );
  copy = await copyProject();
  await copy.edit('harness/world-list.ts', (text) =>
    text.replace('const worldList = {\n', (start) => start + line),
  );
  await copy.write('harness/worlds/spare/index.ts', module);
  await copy.write('harness/worlds/spare/table.ts', table);
}, 60_000);

afterAll(() => copy[Symbol.asyncDispose]());

it('fits the types of the lab', { timeout: 120_000 }, async () => {
  const include = ['harness/worlds', 'harness/run'];
  const config = { extends: join(projectRoot, 'tsconfig.json'), include };
  await copy.write('tsconfig.json', JSON.stringify(config));

  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '--noEmit', '-p', copy.directory]);

  expect(stdout).toBe('');
});

it('is offered, and plays a scenario as expected', { timeout: 120_000 }, async () => {
  const args = ['unreachable/refused', '--world', 'spare'];

  const { run, output } = await copy.run(args, AbortSignal.timeout(110_000));

  expect(output).toContain('as expected');
  expect(run).toMatchObject({ world: 'spare', outcome: 'expected' });
  expect(run?.scenarios[0]?.replay).toContain('--world spare');
});
