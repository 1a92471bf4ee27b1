/** What the files of samples hold, all of them; one for a new toxic needs no word here. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from './samples/sample.ts';

const files = globSync(join(import.meta.dirname, 'samples/*.ts')).toSorted();

export const allSamples: readonly Sample[] = (
  await Promise.all(files.map((file) => import(file) as Promise<{ samples?: readonly Sample[] }>))
).flatMap(({ samples = [] }) => samples);
