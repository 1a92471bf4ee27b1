/** Client libraries in scenarios, through an adapter. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { reportDirectory, runCommand } from '../../local/run/command.ts';

const adapter = resolve(import.meta.dirname, '../../../examples/adapters/node/adapter.mjs');
const silent = 'silent-socket/send-to-a-silent-peer';
const closing = 'silent-socket/send-while-closing';
const killed = 'noise-and-leaks/database-connection-killed';
const unanswered = 'noise-and-leaks/every-request-ends';

it('judges ws and mysql2, and names what they do not do by themselves', { timeout: 240_000 }, async () => {
  await using out = await reportDirectory();
  const file = join(out.path, 'node.json');
  await writeFile(
    file,
    JSON.stringify({ name: 'node', command: ['node', adapter], adapter: ['websocket', 'database'] }),
  );
  const scenarios = [silent, closing, killed, unanswered, 'unreachable/refused'];

  const { code, output } = await runCommand([
    'run',
    '--subject',
    file,
    ...scenarios,
    '--seed',
    '1',
    '--out',
    out.path,
  ]);
  const run = JSON.parse(await readFile(join(out.path, 'latest/run.json'), 'utf8')) as RunResult;
  const failing = run.scenarios.flatMap(({ id, subjects }) =>
    subjects.flatMap(({ checks }) =>
      checks.filter(({ outcome }) => outcome === 'fail').map((check) => `${id}: ${check.id}`),
    ),
  );

  // Neither pings by itself, or bounds a statement that is never answered; all the rest holds.
  expect(failing.toSorted(), output).toEqual([`${unanswered}: ends-in-time`, `${silent}: notices`]);
  expect(run.scenarios.map(({ id }) => id).toSorted()).toEqual(
    [silent, closing, killed, unanswered].toSorted(),
  );
  expect(run.notApplicable).toMatchObject([
    { id: 'unreachable/refused', why: ['it asks nothing of an adapter'] },
  ]);
  expect(code).toBe(1);
});

it('refuses a program that does not answer as an adapter does, and scenarios for another kind', {
  timeout: 240_000,
}, async () => {
  await using out = await reportDirectory();
  const file = join(out.path, 'mine.json');
  const play = async (subject: object, scenario: string) => {
    await writeFile(file, JSON.stringify({ name: 'mine', ...subject }));
    return runCommand(['run', '--subject', file, scenario, '--seed', '1', '--out', out.path]);
  };

  const other = await play({ command: ['node', adapter], adapter: ['http'] }, silent);
  expect(other.output).toContain('it asks for a connection of the kind websocket');
  expect(other.code).toBe(64);

  const none = await play({ command: ['node', '-e', 'process.exit(0)'], adapter: ['websocket'] }, silent);
  expect(none.output).toContain('does not answer as an adapter does: it ends');
  expect(none.code).not.toBe(0);
});
