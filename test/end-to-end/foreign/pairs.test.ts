/** What a scenario says of a program of the user's own counts where its own pair fails and passes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunResult, ScenarioResult } from '../../../harness/report/run-result.ts';
import { reportDirectory, runCommand } from '../../local/run/command.ts';

const reporting = `
  const headers = { authorization: 'Bearer ' + process.argv[2], 'content-type': 'application/json' };
  const report = () => fetch(process.argv[1] + '/api/fleet/report', { method: 'POST', headers, body: '{}' });
  setInterval(() => report().catch((error) => console.error('ERROR', error.cause?.code)), 500);`;
const program = ['--', process.execPath, '-e', reporting, '{{serverUrl}}', '{{token}}'];

/** Judges the program by a scenario, on a machine that has played nothing so far, or what `out` has kept. */
async function judge(out: string, scenario: string, ...flags: string[]) {
  const args = ['run', scenario, '--seed', '1', '--out', out, ...flags, ...program];
  const { code, output } = await runCommand(args, { XDG_CACHE_HOME: join(out, 'cache') });
  const run = JSON.parse(await readFile(join(out, 'latest/run.json'), 'utf8')) as RunResult;
  return { code, output, result: run.scenarios[0] as ScenarioResult };
}

it('plays a scenario’s own pair first, once for each version', { timeout: 240_000 }, async () => {
  await using out = await reportDirectory();
  const played = 'first the own pairs of 1 scenario';

  const first = await judge(out.path, 'unreachable/refused');
  expect(first.output).toContain(played);
  expect(first.output).toContain('1 of 1 pair failed and passed as they should');
  expect(first.output).not.toContain('nothing has shown');
  expect(first.result).toMatchObject({ pairHeld: true, subjects: [{ expected: 'pass' }] });

  const second = await judge(out.path, 'unreachable/refused');
  expect(second.output).not.toContain(played);
  expect(second.result.pairHeld).toBe(true);

  const without = await judge(out.path, 'unreachable/refused', '--no-pairs');
  expect(without.output).toContain('nothing has shown that its checks can fail');
  expect(without.result).not.toHaveProperty('pairHeld');
});

it('says nothing of a program where the pair does not fail', { timeout: 120_000 }, async () => {
  await using out = await reportDirectory();
  const toothless = join(import.meta.dirname, 'scenarios/toothless.ts');

  const { code, output, result } = await judge(out.path, toothless);

  expect(code).toBe(2);
  expect(output).toContain('toothless: its own pair did not fail and pass as it should');
  expect(result).toMatchObject({ asExpected: false });
  expect(result.inconclusive?.join()).toContain('its own pair did not fail and pass as it should');
});
