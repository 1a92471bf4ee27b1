/** Writes what a benchmark leaves for its readers, all of it made from its `bench.json`. */
import { join } from 'node:path';
import { writeWhole } from '../../report/whole-file.ts';
import type { BenchResult } from '../bench-result.ts';
import { toHistogramLog } from './histogram-log.ts';
import { toBenchHtml } from './html/page.ts';
import { toBenchMarkdown } from './summary.ts';

/** Writes `index.html`, `summary.md` and `histograms.hlog`. @throws LabError as `writeWhole` does */
export async function writeBenchReports(directory: string, bench: BenchResult): Promise<void> {
  await writeWhole(join(directory, 'histograms.hlog'), toHistogramLog(bench));
  await writeWhole(join(directory, 'summary.md'), toBenchMarkdown(bench));
  await writeWhole(join(directory, 'index.html'), toBenchHtml(bench));
}
