/**
 * `shaketable report RUN`: writes the report of a stored run again.
 */
import { join, resolve } from 'node:path';
import { readRun } from '../report/read-run.ts';
import { writeReports } from '../report/write-reports.ts';

export async function reportCommand(name: string): Promise<number> {
  const directory = resolve(name);
  await writeReports(directory, await readRun(directory));
  console.log(`Written again: ${join(directory, 'index.html')}, junit.xml, summary.md`);
  return 0;
}
