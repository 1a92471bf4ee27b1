/** From the text of a `bench.json` to what a comparison needs of it, or to an error that says what is wrong with it. */
import { LabError } from '../../errors.ts';
import { type BenchResult, benchVersion } from '../bench-result.ts';

const hint = 'Give a file that `shaketable bench --save FILE` wrote, or a bench.json.';

/** Reads the text of `file`. @throws LabError `LAB_BAD_INPUT` */
export function parseBench(text: string, file: string): BenchResult {
  const value = parseJson(text, file);
  const version = isRecord(value) ? value.version : undefined;
  if (version !== benchVersion) {
    const has = version === undefined ? 'names no version' : `has version ${JSON.stringify(version)}`;
    throw broken(`${file} ${has}; this shaketable reads benchmarks of version ${benchVersion}`);
  }
  const problem = problemOf(value);
  if (problem !== undefined) throw broken(`${file} is no benchmark: ${problem}`);
  return value as unknown as BenchResult;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw broken(`${file} is half-written or not JSON`, cause);
  }
}

/** The first thing that a comparison could not live with. */
function problemOf(value: unknown): string | undefined {
  if (!isRecord(value) || !isRecord(value.machine)) return 'machine should be an object';
  if (typeof value.id !== 'string') return 'id should be text';
  if (typeof value.startedAt !== 'string') return 'startedAt should be text';
  if (typeof value.quick !== 'boolean') return 'quick should be true or false';
  if (!Array.isArray(value.workloads)) return 'workloads should be a list';
  for (const [index, workload] of value.workloads.entries()) {
    const place = `workloads[${index}]`;
    if (!isRecord(workload) || typeof workload.name !== 'string') return `${place}.name should be text`;
    if (!Array.isArray(workload.rows)) return `${place}.rows should be a list`;
    for (const [number, row] of workload.rows.entries()) {
      if (!isRow(row))
        return `${place}.rows[${number}] should have an id, a status and times with roundMedians`;
    }
  }
  return undefined;
}

function isRow(row: unknown): boolean {
  if (!isRecord(row) || typeof row.id !== 'string' || !isRecord(row.times)) return false;
  const known = row.status === 'measured' || row.status === 'failed' || row.status === 'void';
  const times = Object.values(row.times);
  return known && times.every((one) => isRecord(one) && isNumbers(one.roundMedians));
}

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'number' && each > 0);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const broken = (message: string, cause?: unknown): LabError =>
  new LabError('LAB_BAD_INPUT', message, { hint, ...(cause === undefined ? {} : { cause }) });
