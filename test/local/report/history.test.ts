/** The history under several processes that finish their runs at the same time. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { readHistory } from '../../../harness/report/history/history-file.ts';
import { pastRun, pastScenario } from '../../unit/report/history/past-runs.ts';
import { reportDirectory } from '../run/command.ts';

const run = promisify(execFile);
const writer = resolve(import.meta.dirname, '../../../harness/report/history/history-file.ts');
const processes = 4;
const runsEach = 40;

it('loses no line and mixes none, while the file is moved aside again and again', async () => {
  await using out = await reportDirectory();
  const line = pastRun(
    1,
    Array.from({ length: 60 }, (_, n) => pastScenario(`field-report/scenario-${n}`)),
  );
  const limits = { fileBytes: JSON.stringify(line).length * 10, keptBytes: Number.MAX_SAFE_INTEGER };
  const program = `
    import { appendHistory } from ${JSON.stringify(writer)};
    const [directory, name, line, limits] = process.argv.slice(1);
    for (let n = 0; n < ${runsEach}; n += 1)
      await appendHistory(directory, { ...JSON.parse(line), id: name + '-' + n }, JSON.parse(limits));`;
  const append = (name: string) =>
    run(process.execPath, [
      ...['--input-type=module', '-e', program],
      ...[out.path, name, JSON.stringify(line), JSON.stringify(limits)],
    ]);

  await Promise.all(Array.from({ length: processes }, (_, index) => append(`writer-${index}`)));

  const { runs, skipped } = await readHistory(out.path);
  expect(skipped).toEqual([]);
  expect(new Set(runs.map(({ id }) => id)).size).toBe(processes * runsEach);
  expect(runs).toHaveLength(processes * runsEach);
  expect((await readdir(out.path)).length).toBeGreaterThan(processes);
});
