/**
 * Writes what a run leaves for its readers. How to read it: reports/README.md.
 */
import { join } from 'node:path';
import { readChanges } from './history/changes-since.ts';
import { toHtml } from './html/page.ts';
import { toJunit } from './junit.ts';
import { readJournals } from './read-run.ts';
import type { RunResult } from './run-result.ts';
import { toSummaryMarkdown } from './summary.ts';
import { writeWhole } from './whole-file.ts';

/** Writes `run.json`. @throws LabError as `writeWhole` does */
export async function writeRun(directory: string, run: RunResult): Promise<void> {
  await writeWhole(join(directory, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
}

/**
 * Writes `index.html`, `junit.xml` and `summary.md` beside the run's journals, and what changed as far as the directory says what
 * came before. A journal that cannot be read leaves a note in the page instead of its axis.
 * @throws LabError as `writeWhole` and `readBefore` do
 * @returns what is wrong with journals that cannot be read, a sentence each
 */
export async function writeReports(directory: string, run: RunResult): Promise<string[]> {
  const changes = await readChanges(directory, run);
  await writeWhole(join(directory, 'junit.xml'), toJunit(run));
  await writeWhole(join(directory, 'summary.md'), toSummaryMarkdown(run, changes));
  const journals = await readJournals(directory, run);
  await writeWhole(join(directory, 'index.html'), toHtml(run, journals, changes));
  return [...journals.values()].flatMap((journal) => ('unreadable' in journal ? [journal.unreadable] : []));
}
