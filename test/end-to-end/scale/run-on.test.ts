/** A run that is handed out to workers leaves what a run in one process leaves. */
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecording } from '../../../harness/journal/store.ts';
import { openNatsEngine } from '../../../harness/queue/nats/nats-engine.ts';
import { readRun } from '../../../harness/report/read-run.ts';
import { fixture, reportDirectory, runCommand, startCommand } from '../../local/run/command.ts';
import { filesOf, timelessRun } from '../../local/run/run-files.ts';
import { findNatsServer, startNatsServer } from '../../support/nats-server.ts';

const program = await findNatsServer(console.log);
if ('reason' in program) console.log(`skipped: workers of a NATS server: ${program.reason}`);
const path = 'path' in program ? program.path : undefined;

const scenarios = ['nothing-to-strike', 'holds', 'contradicts', 'also-holds', 'throws'];

let root: Awaited<ReturnType<typeof reportDirectory>>;
let whole = '';
let project: string[] = [];
const out = (name: string): string[] => ['--out', join(root.path, name), '--seed', '3'];

beforeAll(async () => {
  root = await reportDirectory();
  const config = join(root.path, 'project/shaketable.config.json');
  await mkdir(dirname(config));
  await writeFile(config, JSON.stringify({ scenarios: dirname(fixture('holds')), builtIn: false }));
  project = ['--project', config];
  await runCommand(['run', ...scenarios, ...project, ...out('whole')]);
  whole = await realpath(join(root.path, 'whole/latest'));
}, 120_000);

afterAll(() => root[Symbol.asyncDispose]());

it('leaves from an embedded worker what one process leaves, but for times', async () => {
  const { output, code } = await runCommand([
    ...['run', ...scenarios, ...project, ...out('embedded')],
    ...['--on', 'embedded:2'],
  ]);

  expect(output).toContain('✕ not as expected: 2 of 5 scenarios as expected');
  const directory = await realpath(join(root.path, 'embedded/latest'));
  expect(await filesOf(directory)).toEqual(await filesOf(whole));
  expect(await withoutWorkers(directory)).toEqual(await wholeBut(directory));
  expect((await readRun(directory)).workers).toMatchObject([{ slots: 2, scenarios: 5 }]);
  expect(code).toBe(3);
}, 120_000);

it.skipIf(path === undefined)(
  'leaves from two workers of a server what one process leaves, and nothing on the server',
  async () => {
    await using server = await startNatsServer(path ?? '');
    const worker = (name: string) =>
      startCommand(['worker', '--on', server.url, '--slots', '1', '--name', name, ...project]);
    const workers = [worker('one'), worker('two')];
    const { output, code } = await runCommand([
      ...['run', ...scenarios, ...project, ...out('nats')],
      ...['--on', server.url],
    ]);
    for (const { child } of workers) child.kill('SIGINT');
    const ends = await Promise.all(workers.map(({ ended }) => ended));

    expect(output).toContain('worker one on');
    const directory = await realpath(join(root.path, 'nats/latest'));
    expect(await filesOf(directory)).toEqual(await filesOf(whole));
    expect(await withoutWorkers(directory)).toEqual(await wholeBut(directory));
    const played = (await readRun(directory)).workers ?? [];
    expect(played.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(played.reduce((sum, each) => sum + each.scenarios, 0)).toBe(5);
    expect(code).toBe(3);
    expect(ends.map((end) => end.code)).toEqual([0, 0]);
    await using engine = await openNatsEngine(server.url, {});
    expect(await engine.runs()).toEqual([]);
  },
  120_000,
);

it('reports a unit that was set aside, with the journals up to the end of its last child', async () => {
  const { output, code } = await runCommand([
    ...['run', 'kills-its-player', 'also-holds', ...project, ...out('aside')],
    ...['--on', 'embedded:1'],
  ]);

  expect(output).toContain('1 of 2 scenarios as expected');
  const directory = await realpath(join(root.path, 'aside/latest'));
  const [killed] = (await readRun(directory)).scenarios;
  expect(killed?.inconclusive).toEqual([
    'It was set aside: 2 workers failed at it.',
    ...Array.from({ length: 2 }, () => expect.stringMatching(/ended by SIGKILL/)),
  ]);
  expect(killed?.subjects).toMatchObject([
    { name: 'hardened', outcome: 'unknown', journal: 'journals/fixtures__kills-its-player.hardened.ndjson' },
    { name: 'naive', outcome: 'unknown', journal: 'journals/fixtures__kills-its-player.naive.ndjson' },
  ]);
  const journals = (killed?.subjects ?? []).map(({ journal }) => readRecording(join(directory, journal)));
  const notes = (await Promise.all(journals)).flatMap(({ entries }) => entries);
  expect(notes).toContainEqual(expect.objectContaining({ kind: 'subject.note', name: 'outcome' }));
  expect(code).toBe(2);
  expect((await runCommand(['check', directory])).code).toBe(2);
}, 120_000);

it.each([
  { more: ['--shard', '1/2'], why: '--shard and --on both divide a run' },
  { more: ['--debug'], why: '--debug keeps what stays on the machine of a worker' },
  { more: ['--world', 'external', '--config', 'x'], why: 'Workers do not play in the world external' },
])('refuses $more with --on', async ({ more, why }) => {
  const { output, code } = await runCommand(['run', ...scenarios, ...project, ...more, '--on', 'embedded:2']);

  expect(output).toContain(why);
  expect(code).toBe(64);
});

/** The run of one process, with the workers that only the other one has. */
async function wholeBut(directory: string): Promise<Record<string, unknown>> {
  const { 'run.json': run, ...rest } = await timelessRun(whole);
  return { ...rest, 'run.json': { ...(run as object), workers: (await readRun(directory)).workers } };
}

/** A run that was handed out, with its table of workers taken from the summary. */
async function withoutWorkers(directory: string): Promise<Record<string, unknown>> {
  const run = await timelessRun(directory);
  const summary = String(run['summary.md']);
  const table = /### Played by\n\n(?:\|.*\n)+\n/;
  expect(summary).toMatch(table);
  return { ...run, 'summary.md': summary.replace(table, '') };
}
