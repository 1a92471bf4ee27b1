/** A machine that stands still while scenarios are played: whoever is late for that reason alone is not to blame. */
import { existsSync } from 'node:fs';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { reportDirectory, runCommand } from './command.ts';

let out: Awaited<ReturnType<typeof reportDirectory>>;
beforeAll(async () => {
  out = await reportDirectory();
});
afterAll(() => out[Symbol.asyncDispose]());

/** A stop of the whole program from outside; stands for a machine that stands still. */
const stopped =
  "await once(spawn('sh', ['-c', 'sleep 0.1; kill -STOP $PPID; sleep 1.5; kill -CONT $PPID'], { stdio: 'ignore' }), 'exit')";

interface Held {
  readonly alarmed: readonly string[];
  /** What delays it. */
  readonly by?: string;
  /** Also when it is played again. */
  readonly always?: boolean;
}

/** A scenario that is delayed by a second and a half, the first time that it is played unless told otherwise. */
function delayed(id: string, { alarmed, by = stopped, always = false }: Held): string {
  return `
import { execSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { count, followed, scenario } from 'shaketable';

const [outcome, asked, answered] = ['outcome', 'asked', 'answered'].map((name) => ({ kind: 'subject.note', name }));

scenario({
  id: '${id}',
  title: 'It answers soon',
  requirements: [],
  story: 'It is asked, and answers.',
  async play(table) {
    table.note('outcome', { alarm: ${JSON.stringify(alarmed)}.includes(table.subject) });
    table.note('asked');
    const mark = '${join(out.path, id.replaceAll('/', '-'))}.' + table.subject;
    if (${always} || !existsSync(mark)) ${by};
    writeFileSync(mark, '');
    await table.sleep(100);
    table.note('answered');
  },
  checks: {
    quiet: count('there is no alarm', { of: { ...outcome, alarm: true }, given: outcome, atMost: 0 }),
    soon: followed('it answers within 20 s', { each: asked, by: answered, withinMs: 20_000 }),
  },
  reported: ['quiet'],
});
`;
}

async function play(id: string, source: string) {
  const file = join(out.path, `${id.split('/')[1]}.ts`);
  await writeFile(file, source);
  const ended = await runCommand(['run', file, '--seed', '1', '--out', out.path]);
  const run = JSON.parse(await readFile(join(out.path, 'latest/run.json'), 'utf8')) as RunResult;
  return { ...ended, scenario: run.scenarios[0] };
}

it('plays again, alone, what was late because of it, and keeps what that came to first', async () => {
  const { code, output, scenario } = await play('mine/late', delayed('mine/late', { alarmed: ['naive'] }));

  expect(output).toContain('this machine stood still under 1 scenario not as expected');
  expect(output).toMatch(
    /hardened: check `soon` is unknown: .* but this machine stood still for .* of lab time/,
  );
  expect(output).toContain('at first, while this machine stood still, inconclusive');
  expect(scenario).toMatchObject({ asExpected: true, firstTry: { outcome: 'inconclusive' } });
  expect(code, output).toBe(0);
});

it('blames who fails in any case', async () => {
  const source = delayed('mine/bad', { alarmed: ['naive', 'hardened'] });

  const { code, output, scenario } = await play('mine/bad', source);

  expect(scenario).toMatchObject({ asExpected: false, firstTry: { outcome: 'unexpected' } });
  expect(output).toContain('hardened fails quiet');
  expect(code, output).toBe(1);
});

// Elsewhere a call that waits is not told from a machine that stands still.
it.skipIf(!existsSync('/proc/thread-self/schedstat'))(
  'blames who holds the thread by a call that waits',
  async () => {
    const source = delayed('mine/holds', { alarmed: ['naive'], by: "execSync('sleep 1.5')", always: true });

    const { code, output } = await play('mine/holds', source);

    expect(output).toContain('hardened fails soon');
    expect(code, output).toBe(1);
    const journals = await Array.fromAsync(glob(join(out.path, 'latest/journals/**/*.ndjson')));
    expect(await readFile(journals[0] ?? '', 'utf8')).toContain('"kind":"lab.held"');
  },
);
