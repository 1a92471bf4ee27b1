/** What the documentation shows of the command, run. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { reportDirectory, runCommand } from './run/command.ts';

const root = resolve(import.meta.dirname, '../..');
const marker = '<!-- shaketable list --markdown -->\n\n';

it('has an index of the scenarios that is what the command lists', async () => {
  const index = resolve(root, 'scenarios/README.md');
  const [introduction] = readFileSync(index, 'utf8').split(marker.trimEnd());

  const { code, output } = await runCommand(['list', '--markdown']);

  expect(code, output).toBe(0);
  await expect(`${introduction}${marker}${output.trimEnd()}\n`).toMatchFileSnapshot(index);
});

/** The commands that `--help` lists, a command a row. */
function commandTable(help: string): string {
  const [, section = ''] = /^Commands:\n(.*?)\n\n/ms.exec(help) ?? [];
  const lines = section.replaceAll(/\n {20,}/g, ' ').split('\n');
  const rows = lines.flatMap((line) => {
    const [, usage = '', meaning = ''] = /^ {2}(\S.*?) {2,}(.+)$/.exec(line) ?? [];
    return usage.startsWith('help') ? [] : [`| \`${usage.replace(' [options]', '')}\` | ${meaning} |`];
  });
  return ['| command | does |', '| --- | --- |', ...rows].join('\n');
}

it('has a table of the commands in the README that is what --help lists', async () => {
  const readme = resolve(root, 'README.md');
  const [before, rest = ''] = readFileSync(readme, 'utf8').split('<!-- commands -->\n');
  const [, after = ''] = rest.split('<!-- /commands -->\n');

  const { code, output } = await runCommand(['--help']);

  expect(code).toBe(0);
  await expect(
    `${before}<!-- commands -->\n${commandTable(output)}\n<!-- /commands -->\n${after}`,
  ).toMatchFileSnapshot(readme);
});

it('has an example of a scenario of one’s own that is as expected', async () => {
  await using out = await reportDirectory();

  const run = await runCommand(['run', 'docs/examples/every-call-ends.ts', '--seed', '7', '--out', out.path]);

  expect(run.output).toContain('✓ examples/every-call-ends');
  expect(run.code).toBe(0);
});
