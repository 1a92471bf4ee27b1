/**
 * `shaketable report RUN`: writes the reports of a stored run, or of a stored benchmark, again.
 */
import { join, resolve } from 'node:path';
import { isBench, readBench } from '../bench/report/read-bench.ts';
import { writeBenchReports } from '../bench/report/write-bench.ts';
import { readRun } from '../report/read-run.ts';
import { writeReports } from '../report/write-reports.ts';

export async function reportCommand(name: string): Promise<number> {
  const directory = resolve(name);
  if (await isBench(directory)) {
    await writeBenchReports(directory, await readBench(directory));
    console.log(`Written again: ${join(directory, 'index.html')}, summary.md, histograms.hlog`);
    return 0;
  }
  await writeReports(directory, await readRun(directory));
  console.log(`Written again: ${join(directory, 'index.html')}, junit.xml, summary.md`);
  return 0;
}
