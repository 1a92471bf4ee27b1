/**
 * `shaketable report --compare A B`: what changed from one stored run to another.
 */
import { resolve } from 'node:path';
import pico from 'picocolors';
import { LabError } from '../errors.ts';
import { changeLines } from '../report/history/change-lines.ts';
import { changeReport } from '../report/history/change-report.ts';
import { compareRuns } from '../report/history/compare-runs.ts';
import { toPastRun } from '../report/history/past-run.ts';
import { readResult } from '../report/read-run.ts';

/** Wider than this nobody reads. */
const mostColumns = 120;

/** Prints what changed, all of it; 1 if something fails newly, else 0. */
export async function compareCommand(names: readonly string[], json: boolean): Promise<number> {
  const [earlier, later] = names;
  if (earlier === undefined || later === undefined || names.length > 2) throw wrongNumber(names.length);
  const before = await readResult(resolve(earlier));
  const after = await readResult(resolve(later));
  const changes = compareRuns(toPastRun(before), toPastRun(after));
  if (json) console.log(JSON.stringify(changes, null, 2));
  else {
    const columns = Math.min(process.stdout.columns ?? 80, mostColumns);
    const colours = pico.createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);
    const lines = changeLines(changeReport(changes), { columns, most: Number.POSITIVE_INFINITY, colours });
    console.log([`${before.id} → ${after.id}`, ...lines].join('\n'));
  }
  return changes.newFailures.length > 0 ? 1 : 0;
}

function wrongNumber(given: number): LabError {
  return new LabError('LAB_BAD_INPUT', `--compare takes two runs, not ${given}`, {
    hint: 'The earlier one first: `shaketable report --compare reports/EARLIER reports/latest`.',
  });
}
