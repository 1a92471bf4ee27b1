/** A run that fails, made small on real sockets. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { reportDirectory, runCommand, startCommand } from '../../local/run/command.ts';

const client = join(import.meta.dirname, 'scenarios', 'client.ts');
/** A run in which it fails, for all tests. */
let failed: Awaited<ReturnType<typeof reportDirectory>>;
let run: string;

beforeAll(async () => {
  failed = await reportDirectory();
  run = join(failed.path, 'latest');
  const { code, output } = await runCommand(['run', client, '--seed', '1', '--out', failed.path]);
  expect(code, output).toBe(1);
}, 120_000);

afterAll(() => failed[Symbol.asyncDispose]());

it('leaves the two of twelve faults that a client cannot bear, as a scenario that fails by itself', {
  timeout: 600_000,
}, async () => {
  await using out = await reportDirectory();
  const { code, output } = await runCommand(['minimise', run, '--budget', '500', '--out', out.path]);
  expect(output).toContain('client fails works-again under refused and unavailable');
  expect(output).toContain('Without either of them, it passes.');
  expect(code, output).toBe(0);

  const file = join(out.path, 'minimised', 'client-works-again.ts');
  expect(await readFile(file, 'utf8')).toMatch(/faults: \{\n {4}refused: .*\n {4}unavailable: /);
  const again = await runCommand(['run', file, '--seed', '1', '--out', out.path]);
  expect(again.output).toContain('client fails: works-again 0');
  const result = JSON.parse(await readFile(join(out.path, 'latest', 'run.json'), 'utf8')) as RunResult;
  expect(result.scenarios[0]?.faults.map(({ id }) => id)).toEqual(['refused', 'unavailable']);
});

it('keeps the smallest so far when it is interrupted', { timeout: 300_000 }, async () => {
  await using out = await reportDirectory();
  const minimising = startCommand(['minimise', run, '--out', out.path]);
  await minimising.printed('still fails with');
  minimising.child.kill('SIGINT');
  const { code, output } = await minimising.ended;

  expect(code).toBe(130);
  expect(output).toContain('fewer may do');
  const text = await readFile(join(out.path, 'minimised', 'client-works-again.ts'), 'utf8');
  expect(text).toContain('unavailable');
});

it('ends, and says why, where a program keeps the thread of the lab', { timeout: 600_000 }, async () => {
  await using out = await reportDirectory();
  const spins = join(import.meta.dirname, 'scenarios', 'spins.ts');
  expect((await runCommand(['run', spins, '--seed', '1', '--out', out.path])).code).toBe(1);
  const { code, output } = await runCommand(
    ['minimise', join(out.path, 'latest'), '--out', out.path, '--program', 'naive'],
    { SPINS: '1' },
  );
  expect(output).toContain(
    'kept the lab’s own thread for 10 s of processor time without a pause, and was ended',
  );
  expect(code, output).toBe(2);
});

it('says what is wrong with what it is given', { timeout: 120_000 }, async () => {
  await using out = await reportDirectory();
  const refusal = async (...args: string[]) => {
    const { code, output } = await runCommand(['minimise', ...args, '--out', out.path]);
    expect(code).toBe(args[0] === out.path ? 3 : 64);
    return output;
  };
  expect(await refusal(out.path)).toContain('There is no run in');

  expect(await refusal(run, 'clint')).toContain('Did you mean client?');
  expect(await refusal(run, '--check', 'other')).toContain('What failed: client, client: works-again');
  expect(await refusal(run, '--into', client)).toContain('is there already');
});
