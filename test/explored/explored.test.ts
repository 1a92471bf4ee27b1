/**
 * The proof that exploring finds what it should: each bug is planted in a copy of the project, and a minute of exploring has to find it, make it
 * small, and see it again on real sockets. What was measured goes to `reports/explored.md`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { copyProject, projectRoot } from '../mutation/scratch-copy.ts';
import { type ExploredPlant, exploredPlants } from './plants.ts';

/** Schedules that an idle core plays in a minute, and some; seconds would be of the machine. */
const mostSeeds = 400;

const rows = [
  '| planted | found by | schedules | faults | on real sockets | as a sentence |',
  '| --- | --- | --- | --- | --- | --- |',
];

afterAll(async () => {
  await mkdir(join(projectRoot, 'reports'), { recursive: true });
  await writeFile(join(projectRoot, 'reports/explored.md'), `${rows.join('\n')}\n`);
});

function plantIn(text: string, { name, edits }: ExploredPlant): string {
  return edits.reduce((edited, [find, replace]) => {
    expect(edited.split(find), `${name}: ${find}`).toHaveLength(2);
    return edited.replace(find, () => replace);
  }, text);
}

it.for(exploredPlants)('finds $name: $what', { timeout: 900_000 }, async (plant, { signal }) => {
  await using copy = await copyProject();
  await copy.edit(plant.file, (text) => plantIn(text, plant));
  const flags = ['--seed', '1', '--seeds', String(mostSeeds), '--findings', '1', '--times', '5', '--json'];

  const { code, output } = await copy.command(['explore', plant.explored, ...flags], signal);

  expect(code, output).toBe(1);
  const { runs, findings } = foundIn(output);
  const [found] = findings;
  const { check = '', faults = [], proof, sentence } = found ?? {};
  const seen = `${proof?.failed} of ${proof?.times}`;
  rows.push(`| ${plant.what} | \`${check}\` | ${runs} | ${faults.length} | ${seen} | ${sentence} |`);
  expect(plant.checks, output).toContain(check);
  expect(faults.length, output).toBeLessThanOrEqual(plant.mostFaults);
  expect(found?.minimal, output).toBe(true);
  expect(proof, output).toMatchObject({ failed: 5, times: 5 });
});

interface Found {
  readonly runs: number;
  readonly findings: readonly {
    readonly check: string;
    readonly faults: readonly unknown[];
    readonly minimal: boolean;
    readonly sentence: string;
    readonly proof?: { readonly failed: number; readonly times: number };
  }[];
}

/** The JSON at the end of what was printed. */
const foundIn = (output: string): Found => JSON.parse(output.slice(output.lastIndexOf('\n{\n')));
