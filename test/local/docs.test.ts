/** What the documentation shows of the command, run. */
import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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

/** The incidents on the page, and the files that they are from. */
const fixtures = 'test/unit/incident/fixtures';
it.each([
  ['reproduce ticket.md', 'test/end-to-end/incident/tickets/fleet-resets.md'],
  ['reproduce --dry-run idle-reset.pcapng', `${fixtures}/captures/idle-reset.pcapng`],
  ['reproduce --dry-run agent.log', `${fixtures}/logs/answers-late.python.log`],
])('shows what shaketable %s finds', async (command, file) => {
  const page = readFileSync(resolve(root, 'docs/reproducing-an-incident.md'), 'utf8');
  const [, block = ''] = page.split(`$ shaketable ${command}\n`);
  // What is played, and takes longer, begins with a tick.
  const shown =
    block
      .split('```')[0]
      ?.split(/^✓/m)[0]
      ?.split('\n')
      .filter((line) => !/^ *…?$/.test(line)) ?? [];
  await using copy = await reportDirectory();
  const name = command.split(' ').at(-1) ?? '';
  await copyFile(resolve(root, file), join(copy.path, name));

  const { code, output } = await runCommand(['reproduce', '--dry-run', join(copy.path, name)]);

  expect(code, output).toBe(0);
  expect(shown.length).toBeGreaterThan(4);
  for (const line of shown) expect(output).toContain(line);
});

it('has an example of a scenario of one’s own that is as expected', async () => {
  await using out = await reportDirectory();

  const run = await runCommand(['run', 'docs/examples/every-call-ends.ts', '--seed', '7', '--out', out.path]);

  expect(run.output).toContain('✓ examples/every-call-ends');
  expect(run.code).toBe(0);
});
