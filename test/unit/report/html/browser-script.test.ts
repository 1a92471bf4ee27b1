import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext, Script } from 'node:vm';
import { expect, it } from 'vitest';
import { benchScript } from '../../../../harness/bench/report/html/script.ts';
import { browserScript } from '../../../../harness/report/html/browser-script.ts';
import { pageScript } from '../../../../harness/report/html/script.ts';
import { themeScript } from '../../../../harness/report/html/theme.ts';

/** The script of modules by their names; the first is the entrance. */
async function scriptOf(modules: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-script-'));
  try {
    for (const [name, text] of Object.entries(modules)) await writeFile(join(directory, name), text);
    return browserScript(pathToFileURL(join(directory, Object.keys(modules)[0] ?? '')));
  } finally {
    await rm(directory, { recursive: true });
  }
}

it('is JavaScript without types or modules', () => {
  for (const script of [pageScript(), benchScript(), themeScript()]) {
    expect(() => new Script(script)).not.toThrow();
    expect(script).not.toMatch(/<\/script|^(import|export)\b/m);
  }
});

it('takes each module once and before those that need it', async () => {
  const script = await scriptOf({
    'main.ts': `import { twice } from './twice.ts';\nimport { base } from './base.ts';\nseen.push(twice(base));\n`,
    'twice.ts': `import {\n  base,\n  type Base,\n} from './base.ts';\nexport function twice(value: Base): number { return value * 2 + base; }\n`,
    'base.ts': `/** A number. */\nexport type Base = number;\nseen.push('base');\nexport const base: Base = 5;\n//# sourceMappingURL=base.js.map`,
  });
  const seen: unknown[] = [];

  runInNewContext(script, { seen });

  expect(seen).toEqual(['base', 15]);
  expect(script).not.toContain('A number');
});

it('takes what the compiler makes of a module that exports nothing', async () => {
  const script = await scriptOf({
    'main.js': "seen.push('main');\nexport {};\n//# sourceMappingURL=main.js.map",
  });
  const seen: unknown[] = [];

  runInNewContext(script, { seen });

  expect(seen).toEqual(['main']);
});

it('refuses what a page cannot have', async () => {
  await expect(scriptOf({ 'a.ts': 'export default 1;\n' })).rejects.toThrow('is no module for a page');
  await expect(scriptOf({ 'b.ts': "const a = '</script>';\n" })).rejects.toThrow('would end the page');
  const twice = {
    'a.ts': "import { b } from './b.ts';\nfunction go() { b(); }\n",
    'b.ts': 'export function b() {}\nasync function go() {}\n',
  };
  await expect(scriptOf(twice)).rejects.toThrow('gives a name that is taken: go');
});
