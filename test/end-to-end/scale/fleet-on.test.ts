/** A fleet in slices over workers: more agents than one process may have, one start for all, and gaps where a slice is lost. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { BenchResult } from '../../../harness/bench/bench-result.ts';
import { reportDirectory, runCommand, startCommand } from '../../local/run/command.ts';
import { findNatsServer, startNatsServer } from '../../support/nats-server.ts';

const entry = resolve(import.meta.dirname, '../../../harness/bin/shaketable.cjs');
const program = await findNatsServer(console.log);
if ('reason' in program) console.log(`skipped: a fleet over workers of a NATS server: ${program.reason}`);
const path = 'path' in program ? program.path : undefined;

it('has more agents in four slices than a process may have connections', async () => {
  await using out = await reportDirectory();
  const fleet = ['bench', 'fleet', '--quick', '--agents', '300', '--duration', '2', '--seed', '1'];

  const alone = await withFewFiles([...fleet, '--out', out.path]);
  const spread = await withFewFiles([...fleet, '--out', out.path, '--on', 'embedded:4']);

  expect(alone.output).toContain('300 agents need 575 open files in a process, which may have 512 here');
  expect(alone.code).toBe(64);
  expect(spread.code, spread.output).toBe(0);
  const [all, ...slices] = await rowsIn(out.path);
  expect(all?.figures.agents?.median).toBe(300);
  expect(slices.map(({ figures }) => figures.agents?.median)).toEqual([75, 75, 75, 75]);
  expect(all?.times.report?.count).toBe(
    slices.reduce((sum, { times }) => sum + (times.report?.count ?? 0), 0),
  );
  expect(spread.output).toMatch(/The limit lies in|No machine was its own limit/);
}, 120_000);

it.skipIf(path === undefined)(
  'shows a slice as a gap whose worker was killed',
  async () => {
    await using out = await reportDirectory();
    await using server = await startNatsServer(path ?? '');
    const start = (name: string) =>
      startCommand(['worker', '--on', server.url, '--slots', '1', '--name', name]);
    const [one, two] = [start('one'), start('two')];
    const bench = startCommand([
      ...['bench', 'fleet', '--quick', '--agents', '40', '--duration', '8', '--seed', '1'],
      ...['--on', server.url, '--slices', '2', '--out', out.path],
    ]);
    await bench.printed('all 2 slices are ready');
    two.child.kill('SIGKILL');
    const { code, output } = await bench.ended;
    one.child.kill('SIGINT');
    await Promise.all([one.ended, two.ended]);

    expect(code, output).toBe(2);
    const [all] = await rowsIn(out.path);
    expect(all?.status).toBe('void');
    expect(all?.reasons.join('\n')).toMatch(/slice \d is a gap: 1 worker vanished while at it/);
    expect(all?.reasons.join('\n')).toMatch(/slice \d: 8 of 8 seconds are missing/);
    expect(all?.figures.agents?.median).toBe(20);
  },
  120_000,
);

it('refuses to measure anything else on workers', async () => {
  const { output, code } = await runCommand(['bench', 'handshake', '--on', 'embedded:2']);

  expect(output).toContain('--on and --slices are for fleet alone');
  expect(code).toBe(64);
});

/** As `shaketable` in a shell in which a process may have few open files. */
async function withFewFiles(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const shell = ['-c', 'ulimit -n 512 && exec "$0" "$@"', process.execPath, entry, ...args];
  const child = spawn('bash', shell, { env: { ...process.env, CI: 'true' } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

async function rowsIn(out: string) {
  const text = await readFile(join(out, 'latest-bench/bench.json'), 'utf8');
  return (JSON.parse(text) as BenchResult).workloads.flatMap(({ rows }) => rows);
}
