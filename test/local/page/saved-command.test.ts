/** What was played on a proxy alone, saved as a scenario about a program of the user's own. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Saved } from '../../../harness/page/messages.ts';
import { reportDirectory, runCommand } from '../run/command.ts';
import { hostileName, type PageRig, startRig } from './rig.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Says a word on a link until it has come back. */
const client = (port: string): string =>
  `${process.execPath} -e "const s = require('net').connect(process.argv[1], '127.0.0.1', () => s.write('x')); s.once('data', () => process.exit(0))" ${port}`;

describe('what was played on a proxy alone', () => {
  let rig: PageRig;
  let directory: string;

  beforeAll(async () => {
    await mkdir(join(root, 'reports'), { recursive: true });
    directory = await mkdtemp(join(root, 'reports/by-hand-'));
    rig = await startRig({ directory: root });
  });

  afterAll(async () => {
    await rig[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  const save = async (given: object): Promise<Partial<Saved> & { readonly error?: string }> => {
    const wanted = { title: 'A late answer', file: '', write: false, ...given };
    return (await rig.act('save-scenario', wanted)).json() as Promise<Partial<Saved>>;
  };

  it('says what is missing', async () => {
    expect(await save({})).toEqual({
      error: expect.stringContaining('Nothing was done since the recording began'),
    });
    await rig.act('add-toxic', {
      link: hostileName,
      toxic: { type: 'latency', attributes: { latency: 300 } },
    });
    expect(await save({})).toEqual({
      error: expect.stringContaining('There is no program to play it against'),
    });
    expect(await save({ command: client('{nowhere.port}') })).toEqual({
      error: expect.stringContaining('There is no link nowhere'),
    });
    expect(await save({ command: 'x', file: '../x.ts' })).toEqual({
      error: expect.stringContaining('is no file below'),
    });
  });

  it('is a scenario that plays the same on a link to the same server', { timeout: 120_000 }, async () => {
    await rig.act('record-anew', {});
    const file = relative(root, join(directory, 'late.ts'));
    const saved = await save({ command: client(`{${hostileName}.port}`), file, write: true });
    expect(saved).toMatchObject({ file, next: `shaketable run ${file}` });

    await using out = await reportDirectory();
    const { output, code } = await runCommand(['run', file, '--seed', '1', '--out', out.path]);
    expect(output).toContain('1 of 1 scenario as expected');
    expect(output).toContain('1 fault strike');
    expect(code).toBe(0);
    expect((await save({ command: 'x', file, write: true })).error).toContain('is there already');
  });
});
