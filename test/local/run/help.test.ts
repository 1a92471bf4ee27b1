/** What `--help` says: of the whole, and of each command. */
import { expect, it } from 'vitest';
import { runCommand } from './command.ts';

const { output: whole } = await runCommand(['--help']);
const [, listed = ''] = whole.split(/^Commands:$|^Exit codes:/m);
const commands = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name);

it('lists every command', () => {
  expect(commands).toEqual(expect.arrayContaining(['run', 'list', 'check', 'doctor', 'proxy']));
});

it.each(
  commands.filter((name) => name !== 'help'),
)('tells of %s without what goes without saying', async (name) => {
  const { code, output } = await runCommand([name, '--help']);

  expect(output).toMatch(new RegExp(`^Usage: shaketable ${name} `));
  expect(output).not.toMatch(/default: (false|\[\])/);
  expect(code).toBe(0);
});

it('tells that a scenario may be a file, and keeps the defaults of values', async () => {
  const { output } = await runCommand(['run', '--help']);

  expect(output.replaceAll(/\s+/g, ' ')).toContain('./my-scenario.ts; default all');
  expect(output).toContain('(default: "reports")');
});
