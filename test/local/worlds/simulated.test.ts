/** Scenarios in virtual time: the same verdict as on the machine's own sockets, and none at all where something got out. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { runCommand } from '../run/command.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'shaketable-simulated-'));
});
afterAll(() => rm(out, { recursive: true, force: true }));

async function play(...scenarios: string[]) {
  const { output, code } = await runCommand([
    'run',
    ...scenarios,
    '--world',
    'simulated',
    '--seed',
    '1',
    '--out',
    out,
  ]);
  const run = JSON.parse(await readFile(join(out, 'latest/run.json'), 'utf8')) as RunResult;
  return { output, code, run };
}

it('plays scenarios as expected, over HTTP, TLS, WebSocket and MySQL', { timeout: 120_000 }, async () => {
  const { code, run, output } = await play(
    'fleet-resets/reset-after-the-server-applied-it',
    'silent-socket/send-while-closing',
    'noise-and-leaks/database-commit-in-doubt',
  );

  expect(
    run.scenarios.map(({ id, asExpected }) => [id, asExpected]),
    output,
  ).toEqual(run.scenarios.map(({ id }) => [id, true]));
  expect(run.scenarios).toHaveLength(3);
  expect(code).toBe(0);
});

it('plays a program that takes no clock by the time of the simulation', {
  timeout: 60_000,
}, async () => {
  const { code, run, output } = await play(join(import.meta.dirname, 'scenarios/takes-no-clock.ts'));

  expect(run.scenarios[0]?.inconclusive, output).toEqual([]);
  expect(code).toBe(0);
});

it('proves nothing where something left the simulation, and names it', { timeout: 60_000 }, async () => {
  const escapes = join(import.meta.dirname, 'scenarios/escapes.ts');
  const { code, run } = await play(escapes);

  expect(code).toBe(2);
  expect(run.scenarios[0]?.inconclusive?.join('\n')).toMatch(
    /something left the simulation[\s\S]*fs\.readFile of \/etc\/hostname[\s\S]*escapes\.ts/,
  );
});

it('leaves out what cannot be played there, with the reason', { timeout: 60_000 }, async () => {
  const { output, run } = await play('noise-and-leaks/database-deadlock', 'unreachable/wrong-port');

  expect(output).toContain('noise-and-leaks/database-deadlock (the database in memory has no locks)');
  expect(run.scenarios.map(({ id }) => id)).toEqual(['unreachable/wrong-port']);
});
