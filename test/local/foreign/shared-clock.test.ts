/** What processes share whose clock runs faster, where libfaketime is there. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findLibrary } from '../../../harness/foreign/faketime.ts';
import { shareClock } from '../../../harness/foreign/shared-clock.ts';
import { startProcess } from '../../../harness/subjects/process.ts';
import { orSaySkipped } from '../proxy/programs.ts';

const library = await findLibrary();
const hasLibrary = orSaySkipped(
  library !== undefined,
  'libfaketime is not installed (Debian: apt-get install faketime)',
);
const began = 1_700_000_000;

/** Runs a script of bash's whose clock runs twenty times as fast; what it printed. */
async function faster(script: string, env: Record<string, string>): Promise<string[]> {
  const lines: string[] = [];
  const started = await startProcess({
    command: 'bash',
    args: ['-c', script],
    env: {
      LD_PRELOAD: library ?? '',
      FAKETIME: `@${began} x20`,
      FAKETIME_FMT: '%s',
      FAKETIME_DONT_RESET: '1',
      ...env,
    },
    onStdoutLine: (line) => lines.push(line),
    onStderrLine: (line) => lines.push(line),
  });
  await started.exited;
  return lines;
}

const left = async (name: string): Promise<string[]> =>
  (await readdir('/dev/shm')).filter((file) => file.includes(name));

it.skipIf(!hasLibrary)(
  'is there for children after a subshell has ended, and removed at the end',
  async () => {
    const shared = await shareClock(library ?? '');
    const named = shared.env.FAKETIME_SHARED ?? '';
    const [name = ''] = /shaketable-\S+/.exec(named) ?? [];

    const printed = await faster(
      'x=$(echo sub); env | grep ^FAKETIME_SHARED',
      shared.env as Record<string, string>,
    );

    expect(printed).toEqual([`FAKETIME_SHARED=${named}`]);
    expect(await left(name)).toHaveLength(2);
    await shared[Symbol.asyncDispose]();
    expect(await left(name)).toEqual([]);
  },
);

it.skipIf(!hasLibrary)('lets nothing start that a killed process of the same number would stop', async () => {
  await using shared = await shareClock(library ?? '');
  // The shell becomes the program, which has its number.
  const program = 'echo $$; touch /dev/shm/faketime_shm_$$; LD_PRELOAD=$LATER exec bash -c "echo started"';
  const first = { LD_PRELOAD: '', LATER: library ?? '' };

  const [one, ...alone] = await faster(program, first);
  const [other, ...sharing] = await faster(program, { ...first, ...shared.env });
  for (const pid of [one, other]) await rm(`/dev/shm/faketime_shm_${pid}`, { force: true });

  expect(alone.join()).toContain('shm_open failed: File exists');
  expect(sharing).toEqual(['started']);
});

it.skipIf(!hasLibrary)('is removed for a lab that was killed', async () => {
  const orphan = 'faketime_shm_shaketable-999999999-orphan';
  await writeFile(join('/dev/shm', orphan), '');

  await using _shared = await shareClock(library ?? '');

  expect(await left(orphan)).toEqual([]);
});
