/** Subjects that crash, hang, flood, fork and detach: a clear outcome each, within bounds, and nothing of them is left. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findProgram } from '../../harness/databases/programs.ts';
import type { RunResult } from '../../harness/report/run-result.ts';
import { reportDirectory, runCommand } from '../local/run/command.ts';

const hasTools = process.platform === 'linux' && findProgram('curl', process.env) !== undefined;

/** A report each 0.3 s, as every one of them makes until it misbehaves. */
const report = 'curl -sS -o /dev/null --cacert "$CA_FILE" -d x "$SERVER_URL/r"';
const loop = `while :; do ${report}; sleep 0.3; done`;

const hostile: readonly (readonly [what: string, script: string, fails: readonly string[]])[] = [
  ['crashes', `${report}; ${report}; kill -SEGV $$`, ['stays-up']],
  ['ends with an error before it connects', 'echo no such file >&2; exit 3', ['starts']],
  ['never connects', 'while :; do sleep 1; done', ['starts']],
  ['hangs after a while', `${report}; ${report}; kill -STOP $$`, []],
  ['prints binary', `head -c 300000 /dev/urandom; ${loop}`, []],
  ['shows its token', `echo "token is $TOKEN"; ${loop}`, ['standing-no-secret']],
  ['ignores SIGTERM', `trap '' TERM; ${loop}`, ['exit']],
  ['forks children', `(${loop}) & (${loop}) & ${loop}`, []],
  ['forks and detaches', `setsid sh -c '${loop.replaceAll("'", '"')}' & ${loop}`, ['leaves-nothing']],
];

it.skipIf(!hasTools).each(hostile)(
  'judges one that %s',
  { timeout: 120_000 },
  async (what, script, fails) => {
    await using out = await reportDirectory();
    const mark = `shaketable-test-${process.pid}-${what.replaceAll(/\W/g, '-')}`;
    const { run, output } = await judge(out.path, script, mark);
    const checks = run.scenarios[0]?.subjects[0]?.checks ?? [];
    const failed = checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);

    expect(failed.filter((id) => !['connections', 'handshakes'].includes(id)).toSorted()).toEqual(
      fails.toSorted(),
    );
    expect(run.outcome).not.toBe('expected');
    expect(living(mark)).toEqual([]);
    expect(output).not.toMatch(/LAB_INTERNAL/);
  },
);

it.skipIf(!hasTools)('bounds what a flood of 1 GB takes', { timeout: 240_000 }, async () => {
  await using out = await reportDirectory();
  const flood = `yes "a line of the flood that goes on and on" | head -c 1000000000; ${loop}`;
  const { run } = await judge(out.path, flood, `shaketable-test-${process.pid}-flood`);
  const journals = join(out.path, run.id, 'journals');
  const bytes = readdirSync(journals).reduce((sum, name) => sum + statSync(join(journals, name)).size, 0);

  expect(
    run.scenarios[0]?.subjects[0]?.checks.find(({ id }) => id === 'noise' || id === 'starts'),
  ).toBeDefined();
  expect(bytes).toBeLessThan(64 * 1024 * 1024);
});

async function judge(
  directory: string,
  script: string,
  mark: string,
): Promise<{ run: RunResult; output: string }> {
  const file = join(directory, 'hostile.json');
  const subject = {
    name: 'hostile',
    command: ['sh', '-c', `: ${mark}; ${script}`],
    env: { SERVER_URL: '{{serverUrl}}', CA_FILE: '{{caFile}}', TOKEN: '{{token}}' },
    server: { routes: { 'POST /r': { effect: 'body' } } },
    cycleMs: 300,
    ready: { firstConnection: true, withinMs: 8_000 },
    stop: { withinMs: 1_500 },
    checks: { duplicates: false, recovers: { withinMs: 3_000 } },
    pace: 'real',
  };
  await writeFile(file, JSON.stringify(subject));
  const { output } = await runCommand([
    'run',
    '--subject',
    file,
    'fleet-resets/one-handshake-per-request',
    '--seed',
    '1',
    '--out',
    directory,
  ]);
  const run = JSON.parse(await readFile(join(directory, 'latest/run.json'), 'utf8')) as RunResult;
  return { run, output };
}

/** Processes that have the mark in their command. */
function living(mark: string): readonly string[] {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(mark) && !line.includes('ps -eo'));
}
