/** The variants of an older version of the lab, to be taken in the same rounds as those of this one. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../errors.ts';
import { startHelper } from '../processes/helper.ts';
import type { Take } from '../rounds/summarize-row.ts';
import type { OpenOptions, OpenVariants } from '../workload.ts';
import type { OlderVersion } from './version.ts';

/**
 * Starts a workload as that version has it; none of its variants when it does not have the workload.
 * @throws LabError `LAB_BAD_INPUT` when that version cannot be measured from outside
 */
export async function openOlder(
  { ref, directory }: OlderVersion,
  workload: string,
  { seed, quick }: OpenOptions,
): Promise<OpenVariants> {
  const processes = join(directory, 'harness/bench/processes');
  await access(join(processes, 'variants-main.ts')).catch((cause: unknown) => {
    throw new LabError('LAB_BAD_INPUT', `${ref} has no benchmarks that can be measured beside this version`, {
      hint: 'Name a version that has `shaketable bench --against` itself.',
      cause,
    });
  });
  await using resources = new AsyncDisposableStack();
  const process = resources.use(startHelper('variants-main', { directory: processes }));
  const { result: ids } = await process.run<string[]>({ kind: 'open', workload, seed, quick });
  const owned = resources.move();
  return {
    variants: ids.map((id) => ({
      id,
      take: async () => (await process.run<Take>({ kind: 'take', id })).result,
    })),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
