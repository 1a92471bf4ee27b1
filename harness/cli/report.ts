/**
 * `shaketable report RUN`: writes the reports of a stored run, or of a stored benchmark, again; `--compare` holds two runs against
 * each other instead.
 */
import { join, resolve } from 'node:path';
import { isBench, readBench } from '../bench/report/read-bench.ts';
import { writeBenchReports } from '../bench/report/write-bench.ts';
import { LabError } from '../errors.ts';
import { readRun } from '../report/read-run.ts';
import { writeReports } from '../report/write-reports.ts';
import { compareCommand } from './compare.ts';

interface ReportFlags {
  readonly compare: boolean;
  readonly json: boolean;
}

export async function reportCommand(names: string[], flags: ReportFlags): Promise<number> {
  if (flags.compare) return await compareCommand(names, flags.json);
  if (names.length > 1 || flags.json) throw onlyForCompare();
  const directory = resolve(...names);
  if (await isBench(directory)) {
    await writeBenchReports(directory, await readBench(directory));
    console.log(`Written again: ${join(directory, 'index.html')}, summary.md, histograms.hlog`);
    return 0;
  }
  const broken = await writeReports(directory, await readRun(directory));
  console.log(`Written again: ${join(directory, 'index.html')}, junit.xml, summary.md`);
  if (broken.length > 0) throw brokenJournals(broken);
  return 0;
}

function brokenJournals(broken: readonly string[]): LabError {
  return new LabError('LAB_JOURNAL_BROKEN', broken.join('\n'), {
    hint: 'The page says so instead of showing them. Run these scenarios again; their replay commands are in run.json.',
  });
}

function onlyForCompare(): LabError {
  return new LabError('LAB_BAD_INPUT', 'A second run, and --json, are for --compare', {
    hint: '`shaketable report reports/latest`, or `shaketable report --compare A B`.',
  });
}
