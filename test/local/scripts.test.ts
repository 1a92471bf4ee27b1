/** The npm scripts that are programs of their own: each says what it is for, and does nothing when it is not understood. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const programs = Object.entries(scripts).flatMap(([script, command]) => {
  const [, main] = /^node (?:--\S+ )*(\S+main\.ts)$/.exec(command) ?? [];
  return main === undefined ? [] : [{ script, main }];
});

/** What the program says, and how it ends. */
function run(main: string, ...words: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [main, ...words], { cwd: root }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

it('knows them', () => {
  expect(programs.map(({ script }) => script)).toContain('kills');
});

describe.each(programs)('npm run $script', ({ script, main }) => {
  it('prints what it is for, and ends with 0', async () => {
    const { code, stdout, stderr } = await run(main, '--help');

    expect(stderr).toBe('');
    expect(stdout).toMatch(new RegExp(`^npm run ${script}\\b`));
    expect(code).toBe(0);
  });

  it('refuses an option that it does not know, with that option and its help', async () => {
    const { code, stdout, stderr } = await run(main, '--sed', '7');

    expect(stderr).toContain("'--sed'");
    expect(stderr).toContain(`npm run ${script}`);
    expect(stdout).toBe('');
    expect(code).toBe(64);
  });
});

it.each([
  ['test/stress/soak/main.ts', ['--minutes', '1.5'], '--minutes takes a whole number, 1 or more, not 1.5'],
  ['test/stress/kills/main.ts', ['--on', 'redis'], '--on takes nats or embedded, not redis'],
  ['test/stress/kills/main.ts', ['--partition', '9'], '--partition needs --namespaces'],
  ['bench/comparisons/main.ts', ['--count='], '--count takes a whole number, 1 or more, not '],
  ['test/mutation/drawn/main.ts', ['--jobs', '0'], '--jobs takes a whole number, 1 or more, not 0'],
  ['build/main.ts', ['proxy'], "Unexpected argument 'proxy'"],
  ['clients/main.ts', ['axois'], 'There is no client axois'],
])('%s refuses %j', async (main, words, why) => {
  const { code, stderr } = await run(main, ...words);

  expect(stderr).toContain(why);
  expect(code).toBe(64);
});
