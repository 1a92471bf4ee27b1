/**
 * The proof that the lab's checks can fail: each mutant is planted in a copy of the project, and the lab there has to name the
 * check that noticed: in virtual time where it can play the scenario there, else on real sockets, where it has to end with 1 as
 * well. What was measured goes to `reports/mutants.md`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../harness/report/run-result.ts';
import type { Ended } from './drawn/judge.ts';
import { simulated } from './drawn/stage.ts';
import { runVirtually } from './drawn/virtual/run-virtually.ts';
import { applyTo, checksOf, type Mutant, scenariosOf } from './mutant.ts';
import { mutants as all } from './mutants.ts';
import { sampleOf } from './sample.ts';
import { copyProject, projectRoot } from './scratch-copy.ts';

/** `MUTANTS=12 SEED=7` plants a sample. */
const mutants = sampleOf(all, process.env.MUTANTS, process.env.SEED);

/** What can be played in virtual time. */
const virtual = await simulated.plays();

const rows: string[] = [];

afterAll(async () => {
  const head = ['| planted | noticed by | measured | expected |', '| --- | --- | --- | --- |'];
  await mkdir(join(projectRoot, 'reports'), { recursive: true });
  await writeFile(join(projectRoot, 'reports/mutants.md'), `${[...head, ...rows].join('\n')}\n`);
});

describe('the copy', () => {
  it('runs the scenarios as expected while nothing is planted', async ({ signal }) => {
    await using copy = await copyProject();

    const { code, output } = await copy.run(scenariosOf(mutants), signal);

    expect(code, output).toBe(0);
  });

  it.for([
    { file: 'services/agent/http/hardened/agent.ts', ends: 3 },
    { file: 'scenarios/rigs/agent.ts', ends: 3 },
    // The project's config imports these two, and one that cannot be loaded is bad input.
    { file: 'harness/index.ts', ends: 64 },
    { file: 'proxy/index.ts', ends: 64 },
    { file: 'services/clock.ts', ends: 3 },
  ])('runs its own $file', async ({ file, ends }, { signal }) => {
    await using copy = await copyProject();
    const words = `this is the copy of ${file}`;
    await copy.edit(file, (text) => `${text}\nthrow new Error(${JSON.stringify(words)});\n`);

    const { code, output } = await copy.run(['fleet-resets/one-handshake-per-request'], signal);

    expect(code, output).toBe(ends);
    expect(output).toContain(words);
  });
});

describe('a mutant is noticed', () => {
  it.for(mutants)('$name: $what', async (mutant, { signal }) => {
    await using copy = await copyProject();
    await copy.edit(mutant.file, (text) => applyTo(text, mutant));

    const scenarios = scenariosOf([mutant]);
    const isVirtual = scenarios.every((id) => virtual.includes(id));
    const { code, output, run } = isVirtual
      ? await runVirtually(copy, { plays: scenarios, upTo: 'the end' }, signal)
      : await copy.run(scenarios, signal);

    rows.push(...rowsOf(mutant, run));
    expect(code, output).toBe(isVirtual ? 0 : 1);
    for (const { scenario, check } of checksOf(mutant)) {
      expect(scenarioOf(run, scenario), output).toMatchObject({ asExpected: false, inconclusive: [] });
      expect(checkOf(run, scenario, check), output).toMatchObject({ outcome: 'fail' });
    }
  });
});

const scenarioOf = (run: Ended['run'], id: string) => run?.scenarios.find((found) => found.id === id);

function checkOf(run: Ended['run'], scenario: string, check: string): CheckResult | undefined {
  const hardened = scenarioOf(run, scenario)?.subjects.find(({ expected }) => expected === 'pass');
  return hardened?.checks.find(({ id }) => id === check);
}

const longestCell = 120;

function toCell(text: string): string {
  const short = text.length > longestCell ? `${text.slice(0, longestCell)} …` : text;
  return short.replaceAll('|', '\\|');
}

function rowsOf(mutant: Mutant, run: Ended['run']): string[] {
  return checksOf(mutant).map(({ scenario, check }, index) => {
    const { outcome, measured, expected } = checkOf(run, scenario, check) ?? { outcome: 'not run' };
    const finding = outcome === 'fail' ? String(measured) : `${outcome}: ${String(measured)}`;
    const cells = [index === 0 ? mutant.what : '', `\`${scenario}: ${check}\``, finding, String(expected)];
    return `| ${cells.map(toCell).join(' | ')} |`;
  });
}
