/** The map in architecture.jsonc, tried on small trees: what it refuses, and that the tools that enforce it read it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const map = join(root, 'architecture.jsonc');
const linter = join(root, 'node_modules/.bin/biome');

/** A file and what it imports, with the rule that refuses it. */
interface Trial {
  readonly title: string;
  readonly file: string;
  readonly imports: string;
  readonly refusedBy?: 'noRestrictedImports' | 'noImportCycles';
}

const upward = 'noRestrictedImports';
const trials: readonly Trial[] = [
  { title: 'a value from above', file: 'proxy/core/a.ts', imports: '../engine/link.ts', refusedBy: upward },
  {
    title: 'the engine a toxic',
    file: 'proxy/engine/a.ts',
    imports: '../toxics/latency.ts',
    refusedBy: upward,
  },
  {
    title: 'a helper a toxic',
    file: 'proxy/toxics/shared/a.ts',
    imports: '../latency.ts',
    refusedBy: upward,
  },
  { title: 'the API the server', file: 'proxy/api/a.ts', imports: '../server.ts', refusedBy: upward },
  { title: 'the library its CLI', file: 'proxy/index.ts', imports: './cli/proxy.ts', refusedBy: upward },
  {
    title: 'the proxy the lab',
    file: 'proxy/tls/a.ts',
    imports: '../../harness/errors.ts',
    refusedBy: upward,
  },
  { title: 'the proxy the lab by name', file: 'proxy/tls/b.ts', imports: 'shaketable', refusedBy: upward },
  {
    title: 'the lab the proxy by path',
    file: 'harness/run/a.ts',
    imports: '../../proxy/index.ts',
    refusedBy: upward,
  },
  {
    title: 'the lab a service',
    file: 'harness/run/b.ts',
    imports: '../../services/clock.ts',
    refusedBy: upward,
  },
  {
    title: 'the lab a scenario',
    file: 'harness/cli/a.ts',
    imports: '../../scenarios/images.ts',
    refusedBy: upward,
  },
  { title: 'the lab its own index', file: 'harness/run/c.ts', imports: '../index.ts', refusedBy: upward },
  {
    title: 'checks anything but the journal',
    file: 'harness/checks/a.ts',
    imports: '../errors.ts',
    refusedBy: upward,
  },
  { title: 'checks the proxy', file: 'harness/checks/b.ts', imports: 'shaketable-proxy', refusedBy: upward },
  {
    title: 'a database a world',
    file: 'harness/databases/a.ts',
    imports: '../worlds/a.ts',
    refusedBy: upward,
  },
  { title: 'a world a run', file: 'harness/worlds/local/a.ts', imports: '../../run/a.ts', refusedBy: upward },
  {
    title: 'a benchmark the command line',
    file: 'harness/bench/workloads/a.ts',
    imports: '../../cli/a.ts',
    refusedBy: upward,
  },
  {
    title: 'a run a benchmark',
    file: 'harness/run/d.ts',
    imports: '../bench/run-bench.ts',
    refusedBy: upward,
  },
  {
    title: 'statistics the proxy',
    file: 'harness/bench/statistics/a.ts',
    imports: 'shaketable-proxy',
    refusedBy: upward,
  },
  { title: 'a service the lab', file: 'services/server/a.ts', imports: 'shaketable', refusedBy: upward },
  {
    title: 'one agent another',
    file: 'services/agent/http/a.ts',
    imports: '../sync/pool.ts',
    refusedBy: upward,
  },
  {
    title: 'a scenario the lab by path',
    file: 'scenarios/a/b.ts',
    imports: '../../harness/index.ts',
    refusedBy: upward,
  },
  { title: 'a scenario the proxy', file: 'scenarios/a/c.ts', imports: 'shaketable-proxy', refusedBy: upward },
  { title: 'a folder without a place', file: 'proxy/new/a.ts', imports: '../core/a.ts', refusedBy: upward },
  {
    title: 'a file that imports it back',
    file: 'bench/a.ts',
    imports: './b.ts',
    refusedBy: 'noImportCycles',
  },
  { title: 'what it is imported by', file: 'bench/b.ts', imports: './a.ts', refusedBy: 'noImportCycles' },
  { title: 'from below', file: 'proxy/engine/b.ts', imports: '../core/clock.ts' },
  { title: 'from its own folder', file: 'proxy/toxics/a.ts', imports: './shared/glob.ts' },
  { title: 'the proxy by name', file: 'harness/worlds/a.ts', imports: 'shaketable-proxy' },
  { title: 'a service by path', file: 'scenarios/a/d.ts', imports: '../../services/agent/http/index.ts' },
];

/** Each way to name a module; all trials but these use the first. */
const syntaxes: readonly ((path: string) => string)[] = [
  (path) => `import type { Some } from '${path}';\nexport type Mine = Some;\n`,
  (path) => `import { some } from '${path}';\nexport const mine = some;\n`,
  (path) => `export * from '${path}';\n`,
  (path) => `export const mine = await import('${path}');\n`,
];

/** What the linter says of the files, all in one tree of their own: path → rules. */
function lint(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'architecture-'));
  try {
    writeFileSync(join(directory, 'biome.json'), JSON.stringify({ extends: [map] }));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    const { stdout } = spawnSync(linter, ['lint', '--reporter=json', '--max-diagnostics=none'], {
      cwd: directory,
      encoding: 'utf8',
    });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { category: string; location: { path: string } }[];
    };
    const found = new Map([...files.keys()].map((path): [string, string[]] => [path, []]));
    for (const { category, location } of diagnostics) found.get(location.path)?.push(category);
    return found;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('the map of the architecture', () => {
  let said: ReadonlyMap<string, readonly string[]>;
  beforeAll(() => {
    said = lint(new Map(trials.map(({ file, imports }) => [file, syntaxes[0]?.(imports) ?? ''])));
  }, 30_000);

  it.each(trials.filter(({ refusedBy }) => refusedBy))('refuses $title: $file → $imports', ({
    file,
    refusedBy,
  }) => {
    expect(said.get(file)).toContainEqual(expect.stringContaining(`/${refusedBy}`));
  });

  it.each(trials.filter(({ refusedBy }) => !refusedBy))('lets a file import $title: $file → $imports', ({
    file,
  }) => {
    expect(said.get(file)).toEqual([]);
  });

  it('refuses an import from above in whatever syntax', () => {
    const files = new Map(
      syntaxes.map((write, index) => [`proxy/core/syntax-${index}.ts`, write('../engine/link.ts')]),
    );

    expect(
      [...lint(files).values()].filter((rules) => rules.some((rule) => rule.endsWith(upward))),
    ).toHaveLength(syntaxes.length);
  }, 30_000);

  it('is read by `npm run lint`', () => {
    expect(JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))).toMatchObject({
      extends: ['./architecture.jsonc'],
    });
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts.lint).toContain('biome ci');
  });
});
