/** Schedules that are handed out to workers come to what one process comes to. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNatsEngine } from '../../../harness/queue/nats/nats-engine.ts';
import { reportDirectory, runCommand, startCommand } from '../../local/run/command.ts';
import { findNatsServer, startNatsServer } from '../../support/nats-server.ts';

const program = await findNatsServer(console.log);
if ('reason' in program) console.log(`skipped: workers of a NATS server: ${program.reason}`);
const path = 'path' in program ? program.path : undefined;

const examples = resolve(import.meta.dirname, '../../../docs/examples');
const seeds = 16;

let root: Awaited<ReturnType<typeof reportDirectory>>;
let project: string[] = [];
/** What one process came to. */
let whole = '';

beforeAll(async () => {
  root = await reportDirectory();
  const config = join(root.path, 'project/shaketable.config.json');
  await mkdir(dirname(config));
  await writeFile(config, JSON.stringify({ scenarios: examples, builtIn: false }));
  project = ['--project', config];
  whole = found((await explore().ended).output);
}, 300_000);

afterAll(() => root[Symbol.asyncDispose]());

/** Explores the example whose outbox doubles what is not answered in time, past what it finds. */
const explore = (...more: string[]) =>
  startCommand([
    ...['explore', join(examples, 'explore-outbox.ts'), '--seed', '1', '--seeds', String(seeds)],
    ...['--findings', '9', '--no-prove', '--json', '--out', join(root.path, 'out'), ...project, ...more],
  ]);

/** The JSON that is printed, without what was said beside it. */
const found = (output: string): string =>
  output.slice(output.indexOf('\n{') + 1, output.lastIndexOf('}') + 1);

it('finds with an embedded worker what one process finds', async () => {
  const { output, code } = await explore('--on', 'embedded:2').ended;

  expect(JSON.parse(found(output)), output).toEqual(JSON.parse(whole));
  expect(JSON.parse(whole)).toMatchObject({ runs: seeds, outcome: 'unexpected' });
  expect(code).toBe(1);
}, 300_000);

it.skipIf(path === undefined)(
  'finds the same by workers of a server of which one is killed, and leaves nothing there',
  async () => {
    await using server = await startNatsServer(path ?? '');
    const worker = (name: string) =>
      startCommand(['worker', '--on', server.url, '--slots', '1', '--name', name, ...project]);
    const [first, second] = [worker('one'), worker('two')];
    const exploring = explore('--on', server.url);
    await exploring.printed('worker one on');
    first.child.kill('SIGKILL');
    const { output, code } = await exploring.ended;
    second.child.kill('SIGINT');
    await second.ended;

    expect(JSON.parse(found(output)), output).toEqual(JSON.parse(whole));
    expect(code).toBe(1);
    await using engine = await openNatsEngine(server.url, {});
    expect(await engine.runs()).toEqual([]);
  },
  300_000,
);

it.each([
  { more: ['--workers', '2'], why: '--workers is of this machine' },
  { more: ['--replay', 'a.json'], why: '--replay plays one schedule' },
  { more: ['--world', 'containers'], why: 'Workers do not explore in the world containers' },
])('refuses $more with --on', async ({ more, why }) => {
  const { output, code } = await explore('--on', 'embedded:2', ...more).ended;

  expect(output).toContain(why);
  expect(code).toBe(64);
});

it('refuses what lies elsewhere, since workers know it by its place', async () => {
  const elsewhere = resolve(examples, '../../scenarios/explorations/sync.ts');
  const { output, code } = await runCommand([
    ...['explore', elsewhere, '--seeds', '4', '--on', 'embedded:1', '--no-prove', ...project],
  ]);

  expect(output).toContain("is not in the project's folders of scenarios");
  expect(code).toBe(64);
});
