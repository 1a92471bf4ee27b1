/** A stored benchmark read back whole, as the published schema describes it. */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { z } from 'zod';
import { fileError, LabError } from '../../errors.ts';
import type { BenchResult } from '../bench-result.ts';
import { parseBench } from './parse-bench.ts';

const schemaFile = new URL('../bench-schema.json', import.meta.url);

/** Whether the directory is a benchmark's. */
export async function isBench(directory: string): Promise<boolean> {
  return await access(join(directory, 'bench.json')).then(
    () => true,
    () => false,
  );
}

/**
 * Reads the benchmark in `directory`. Fields that the schema does not know are let be: a later version may have added them.
 * @throws LabError `LAB_BAD_INPUT` for a file that is half-written, of another version, or not as the schema says
 */
export async function readBench(directory: string): Promise<BenchResult> {
  const file = join(directory, 'bench.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw fileError(cause, file);
  });
  const bench = parseBench(text, file);
  const problem = (await schemaProblem(bench)) ?? histogramProblem(bench);
  if (problem === undefined) return bench;
  throw new LabError('LAB_BAD_INPUT', `${file} is not as its schema says: ${problem}`, {
    hint: 'Measure again: a report is made from the file alone.',
  });
}

async function schemaProblem(bench: BenchResult): Promise<string | undefined> {
  const schema = z.fromJSONSchema(JSON.parse(await readFile(schemaFile, 'utf8')));
  const issues = schema.safeParse(bench).error?.issues ?? [];
  const issue = issues.find(({ code }) => code !== 'unrecognized_keys');
  return issue && `${issue.path.join('.')}: ${issue.message}`;
}

function histogramProblem({ workloads }: BenchResult): string | undefined {
  for (const { name, rows } of workloads) {
    for (const { id, times } of rows) {
      const broken = Object.keys(times).find((of) => !canDecode(times[of]?.histogram ?? ''));
      if (broken !== undefined) return `the histogram of ${name}, ${id}, ${broken} cannot be decoded`;
    }
  }
  return undefined;
}

function canDecode(histogram: string): boolean {
  try {
    decodeFromCompressedBase64(histogram);
    return true;
  } catch {
    return false;
  }
}
