/** How the examples are tried: each half gets its verdict from the file beside it. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../harness/report/run-result.ts';
import { reportDirectory, runCommand } from '../local/run/command.ts';

const examples = resolve(import.meta.dirname, '../../examples');
/** Connections and duplicates; in each also whether the token is kept. */
const scenarios = ['fleet-resets/one-handshake-per-request', 'fleet-resets/one-report-per-cycle'];
const planted = ['connections', 'duplicates', 'handshakes', 'standing-no-secret'];

interface Pair {
  readonly name: string;
  /** What has to succeed where the example can run. */
  readonly needs: readonly [string, ...string[]];
  readonly getIt: string;
  /** Makes what its file starts. */
  readonly build?: readonly [string, ...string[]];
  /** Beyond the usual scenarios and what they find. */
  readonly more?: { readonly scenario: string; readonly finds: string };
  /** Whether a client for each request also holds more and more, which shows sooner or later. */
  readonly leaks?: boolean;
  /** Checks that its file tells of as known to fail. */
  readonly known?: readonly string[];
}

/** The examples; README.md beside them says what is planted in each `before`. */
export const pairs: readonly Pair[] = [
  {
    name: 'python-requests',
    needs: ['python3', '-c', 'import requests'],
    getIt: '.ci/tools python',
    more: { scenario: 'fleet-resets/online-while-the-log-shouts', finds: 'quiet' },
  },
  { name: 'python-httpx', needs: ['python3', '-c', 'import httpx'], getIt: '.ci/tools python' },
  { name: 'node', needs: ['node', '--version'], getIt: 'Node in PATH' },
  {
    name: 'curl',
    needs: ['curl', '--version'],
    getIt: '.ci/tools curl',
    known: ['connections', 'handshakes'],
  },
  {
    name: 'go',
    needs: ['go', 'version'],
    getIt: '.ci/tools go',
    build: ['go', 'build', '-o', 'bin/', './...'],
    leaks: true,
  },
  { name: 'java', needs: ['javac', '-version'], getIt: 'a JDK, 17 or later', leaks: true },
];

/** Why an example cannot run here; undefined where it can. */
function obstacle({ needs: [program, ...args] }: Pair): string | undefined {
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return error?.message ?? (status === 0 ? undefined : stderr.trim().split('\n').at(-1));
}

/** Plays the scenarios; which checks failed, of all of them. */
async function verdictOn(
  { name, more }: Pair,
  half: 'before' | 'after',
): Promise<{ code: number | null; failing: string[]; output: string }> {
  await using out = await reportDirectory();
  const played = [...scenarios, ...(more ? [more.scenario] : [])];
  const file = join(examples, name, `${half}.json`);
  const { code, output } = await runCommand([
    'run',
    '--subject',
    file,
    ...played,
    '--seed',
    '1',
    '--out',
    out.path,
  ]);
  const run = JSON.parse(await readFile(join(out.path, 'latest/run.json'), 'utf8')) as RunResult;
  const checks = run.scenarios.flatMap(({ subjects }) => subjects.flatMap((subject) => subject.checks));
  const failing = checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
  return { code, failing: [...new Set(failing)].toSorted(), output };
}

/** `before` fails by what was planted in it and nothing else, `after` passes. */
export function tryPairs(pairs: readonly Pair[]): void {
  describe.each(pairs)('$name', (pair) => {
    const why = obstacle(pair);
    beforeAll(() => {
      const [program, ...args] = pair.build ?? [];
      if (program === undefined || why !== undefined) return;
      const { status, stderr } = spawnSync(program, args, {
        cwd: join(examples, pair.name),
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
    }, 240_000);

    if (why !== undefined) console.log(`skipped: the example ${pair.name}: ${why} (${pair.getIt})`);

    it.skipIf(why)('fails before, by what is planted and nothing else', { timeout: 600_000 }, async () => {
      const { code, failing, output } = await verdictOn(pair, 'before');

      const found = failing.filter((id) => !(pair.leaks && id === 'resources'));
      expect(found, output).toEqual([...planted, ...(pair.more ? [pair.more.finds] : [])].toSorted());
      expect(code).toBe(1);
    });

    it.skipIf(why)('passes after', { timeout: 600_000 }, async () => {
      const { code, failing, output } = await verdictOn(pair, 'after');

      expect(failing, output).toEqual(pair.known ?? []);
      expect(code, output).toBe(0);
    });

    it('says all of it in ten lines at most', async () => {
      for (const half of ['before', 'after']) {
        const lines = (await readFile(join(examples, pair.name, `${half}.json`), 'utf8'))
          .trimEnd()
          .split('\n');
        expect(lines.length).toBeLessThan(11);
      }
    });
  });
}
