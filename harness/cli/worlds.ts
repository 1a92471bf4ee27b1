/**
 * `shaketable worlds`: what the scenarios came to in each world, from stored runs.
 */
import { resolve } from 'node:path';
import { readRun } from '../report/read-run.ts';
import { worldTable } from '../report/world-table.ts';

export async function worldsCommand(directories: string[]): Promise<number> {
  const runs = await Promise.all(directories.map((directory) => readRun(resolve(directory))));
  for (const line of worldTable(runs)) console.log(line);
  return 0;
}
