/** What was found out of each client, kept beside the table that is made from it: a client can be played alone. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { libraries } from './libraries.ts';
import type { Cell } from './play.ts';

/** How a client was set up: as it comes, or as its documentation says for work that matters. */
export const settings = ['default', 'documented'] as const;
export type Settings = (typeof settings)[number];

/** What came of a library. */
export type Found =
  /** It was played: its name with the version, and its cells by scenario. */
  | { readonly title: string; readonly cells: Readonly<Record<Settings, Readonly<Record<string, Cell>>>> }
  /** It could not be tried on that machine. */
  | { readonly title: string; readonly leftOut: string };

/** By the id of the library. */
export type Results = Readonly<Record<string, Found>>;

const file = join(import.meta.dirname, 'results.json');

export async function readResults(): Promise<Results> {
  return JSON.parse(await readFile(file, 'utf8')) as Results;
}

/** Writes what was found, in the order of the libraries; of those that are no more, nothing. */
export async function writeResults(results: Results): Promise<void> {
  const known = libraries.flatMap(({ id }) => {
    const found = results[id];
    return found === undefined ? [] : [[id, found] as const];
  });
  await writeFile(file, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
}
