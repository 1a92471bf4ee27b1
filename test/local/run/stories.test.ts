/** What the author of a scenario sees of it: what it prints, what it waited for in vain, what it may not note, where it is not played. */
import { access, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixture, reportDirectory, runCommand } from './command.ts';

let out: Awaited<ReturnType<typeof reportDirectory>>;
beforeAll(async () => {
  out = await reportDirectory();
  await copyFile(fixture('plain'), join(out.path, 'plain.ts'));
});
afterAll(() => out[Symbol.asyncDispose]());

/** Runs a scenario whose subjects live through `live`. */
async function play(name: string, live: string): Promise<{ code: number | null; output: string }> {
  const file = join(out.path, `${name}.ts`);
  const declared = `plainScenario('mine/${name}', ['naive'], async (table) => { ${live} });`;
  await writeFile(file, `import { plainScenario } from './plain.ts';\n${declared}\n`);
  return await runCommand(['run', file, '--seed', '1', '--out', out.path]);
}

const journal = (name: string): Promise<string> =>
  readFile(join(out.path, 'latest/journals', `mine__${name}.naive.ndjson`), 'utf8');

it('prints with the names of scenario and subject in front, and keeps it in the journal', async () => {
  const run = await play('prints', "console.warn('seen', { by: table.subject });");

  expect(run.output).toContain("mine/prints (naive): seen { by: 'naive' }");
  expect(run.output).toContain("mine/prints (hardened): seen { by: 'hardened' }");
  expect(await journal('prints')).toMatch(
    /"level":"warn","text":"seen \{ by: 'naive' \}".*"kind":"lab.console"/,
  );
  expect(run.code).toBe(0);
});

it('journals what the runtime warns of because of it', async () => {
  await play('warns', "process.emitWarning('too many of them', 'LeakWarning'); await table.sleep(1);");

  expect(await journal('warns')).toMatch(/"text":"LeakWarning: too many of them".*"kind":"process.warning"/);
});

it('journals what it waited for in vain', async () => {
  await play(
    'waits',
    "await table.until({ kind: 'subject.note', name: 'never' }, { withinMs: 50, nth: 2 });",
  );

  expect(await journal('waits')).toMatch(
    /"meant":"subject.note name=never","nth":2,"withinMs":50,"stalledShare":.*"kind":"lab.waited"/,
  );
});

it('may not note a field that every entry has', async () => {
  const run = await play('notes', "table.note('mine', { kind: 'agent.log' } as object);");

  expect(run.output).toContain("table.note('mine'): every entry has a field kind of its own");
  expect(run.output).toMatch(/notes\.ts:2:\d+/);
  expect(run.code).toBe(2);
});

it('leaves its files and raw logs with --debug, and nothing without', async () => {
  const write = "await writeFile(table.directory + '/mine.log', table.subject);";
  const file = join(out.path, 'writes.ts');
  const declared = `plainScenario('mine/writes', ['naive'], async (table) => { ${write} });`;
  const imports =
    "import { writeFile } from 'node:fs/promises';\nimport { plainScenario } from './plain.ts';";
  await writeFile(file, `${imports}\n${declared}\n`);
  const kept = join(out.path, 'latest/debug');

  await runCommand(['run', file, '--seed', '1', '--out', out.path]);
  await expect(access(kept)).rejects.toThrow('ENOENT');
  const run = await runCommand(['run', file, '--seed', '2', '--debug', '--out', out.path]);

  expect(run.output).toContain('raw logs and files of each table');
  for (const name of ['naive', 'hardened'])
    expect(await readFile(join(kept, `mine__writes.${name}`, 'mine.log'), 'utf8')).toBe(name);
});

it('is not played in a world that it is not for', async () => {
  const file = join(out.path, 'elsewhere.ts');
  const text = await readFile(fixture('plain'), 'utf8');
  const declared = text.replace(
    '    requirements: [],',
    "    requirements: [],\n    worlds: ['containers'],",
  );
  expect(declared).not.toBe(text);
  await writeFile(file, `${declared}\nplainScenario('mine/elsewhere', ['naive']);\n`);

  const alone = await runCommand(['run', file, '--world', 'local', '--out', out.path]);
  const beside = await runCommand(['run', file, fixture('holds'), '--world', 'local', '--out', out.path]);

  expect(alone.output).toContain('None of these scenarios is for the world local');
  expect(alone.code).toBe(64);
  expect(beside.output).toMatch(
    /Not played, for other worlds than local:\n\s+mine\/elsewhere \(containers\)/,
  );
  expect(beside.output).toContain('1 of 1 scenario as expected');
  expect(beside.code).toBe(0);
});
