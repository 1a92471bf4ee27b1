/**
 * `shaketable worlds`: what the scenarios came to in each world, from stored runs; printed, or put into a page.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileError, LabError } from '../errors.ts';
import { readRun } from '../report/read-run.ts';
import { worldTable } from '../report/world-table.ts';

/** What a page has around the table. */
const place = /(<!-- worlds -->\n).*?(<!-- \/worlds -->)/s;

export async function worldsCommand(directories: string[], flags: { into?: string }): Promise<number> {
  const runs = await Promise.all(directories.map((directory) => readRun(resolve(directory))));
  const table = `${worldTable(runs).join('\n')}\n`;
  if (flags.into === undefined) process.stdout.write(table);
  else await putInto(flags.into, table);
  return 0;
}

async function putInto(file: string, table: string): Promise<void> {
  const page = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw fileError(cause, file, 'give another file');
  });
  if (!place.test(page))
    throw new LabError('LAB_BAD_INPUT', `${file} has no place for the table`, {
      hint: 'Put the lines <!-- worlds --> and <!-- /worlds --> where it belongs.',
    });
  await writeFile(
    file,
    page.replace(place, (_, before: string, after: string) => before + table + after),
  );
}
