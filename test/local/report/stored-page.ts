/**
 * A run's page on disk, as a reader opens it.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Recording, writeRecording } from '../../../harness/journal/store.ts';
import type { Journals } from '../../../harness/report/read-run.ts';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { writeReports } from '../../../harness/report/write-reports.ts';
import { chromium } from './browser.ts';

export interface StoredPage extends AsyncDisposable {
  readonly url: string;
}

export async function storePage({
  run,
  journals,
}: {
  readonly run: RunResult;
  readonly journals: Journals;
}): Promise<StoredPage> {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-page-'));
  await mkdir(join(directory, 'journals'));
  for (const [path, recording] of journals)
    await writeRecording(join(directory, path), recording as Recording);
  await writeReports(directory, run);
  return {
    url: pathToFileURL(join(directory, 'index.html')).href,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Says why tests that need a browser are skipped, and whether they are. */
export function withoutChromium(what: string): boolean {
  if (chromium === undefined) console.log(`skipped: ${what} in a browser, since there is no Chromium here`);
  return chromium === undefined;
}
