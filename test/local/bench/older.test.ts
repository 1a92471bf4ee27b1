import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkOut } from '../../../harness/bench/older/check-out.ts';
import { openOlder } from '../../../harness/bench/older/older-variants.ts';
import { roundsWorkload } from '../../../harness/bench/rounds/rounds-workload.ts';
import { handshake } from '../../../harness/bench/workloads/handshake/index.ts';
import { handshakeUnits } from '../../../harness/bench/workloads/handshake/take.ts';
import { packageRoot } from '../../../harness/own-files.ts';
import { systemClock } from '../../../proxy/core/clock.ts';
import { seededRandom } from '../../../proxy/core/random.ts';

const run = promisify(execFile);

let directory = '';
let repository = '';

const git = async (...args: string[]): Promise<string> => {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.test'];
  return (await run('git', [...who, ...args], { cwd: repository })).stdout.trim();
};

const manifest = (dependencies: Record<string, string>) => ({ name: 'lab', version: '1.0.0', dependencies });

/** A commit with a lockfile as npm writes it. */
async function commit(message: string, dependencies: Record<string, string> = {}): Promise<void> {
  const lock = {
    name: 'lab',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': manifest(dependencies) },
  };
  await writeFile(join(repository, 'package.json'), JSON.stringify(manifest(dependencies)));
  await writeFile(join(repository, 'package-lock.json'), JSON.stringify(lock));
  await writeFile(join(repository, 'which'), message);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', message);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-older-'));
  repository = join(directory, 'repository');
  await mkdir(repository);
  await git('init', '--quiet');
  await commit('first');
  await git('tag', 'v1');
  await commit('second');
  await git('tag', 'v2');
  await commit('broken', { 'left-out-of-the-lockfile': '1.0.0' });
  await git('tag', 'broken');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const optionsFor = (name: string, signal = new AbortController().signal) => {
  const announced: string[] = [];
  const announce = (line: string): void => void announced.push(line);
  return { repository, cache: join(directory, name), announce, announced, signal };
};

it('gets a version once, and leaves index and working tree as they are', async () => {
  await writeFile(join(repository, 'which'), 'edited');
  await writeFile(join(repository, 'staged'), 'staged');
  await git('add', 'staged');
  const before = await git('status', '--porcelain');
  const options = optionsFor('once');

  const version = await checkOut('v1', options);
  const again = await checkOut('v1', options);

  expect(version).toEqual({
    ref: 'v1',
    commit: await git('rev-parse', 'v1'),
    directory: join(options.cache, version.commit),
  });
  expect(await readFile(join(version.directory, 'which'), 'utf8')).toBe('first');
  expect(again).toEqual(version);
  expect(options.announced).toHaveLength(1);
  expect(await git('status', '--porcelain')).toBe(before);
  expect(await readdir(options.cache)).toEqual([version.commit]);
});

it('lets two that want the same version have it', async () => {
  const options = optionsFor('twice');

  const versions = await Promise.all([checkOut('v2', options), checkOut('v2', options)]);

  expect(versions[0]).toEqual(versions[1]);
  expect(await readdir(options.cache)).toEqual([versions[0].commit]);
});

it.each([
  { why: 'a ref that there is not', ref: 'v9', told: 'There is no version called v9' },
  { why: 'a ref that looks like a flag', ref: '--help', told: 'There is no version called --help' },
])('refuses $why', async ({ ref, told }) => {
  await expect(checkOut(ref, optionsFor('refused'))).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: told,
  });
});

it('refuses a directory that is no repository', async () => {
  const nowhere = join(directory, 'nowhere');
  await mkdir(nowhere);

  await expect(checkOut('v1', { ...optionsFor('refused'), repository: nowhere })).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: 'An older version can only be had where the repository of the lab is',
  });
});

it('leaves nothing half-made when packages cannot be installed', async () => {
  const options = optionsFor('broken');

  await expect(checkOut('broken', options)).rejects.toMatchObject({ code: 'LAB_SUBJECT_START' });

  expect(await readdir(options.cache)).toEqual([]);
});

it('leaves nothing half-made when it is stopped', async () => {
  const stop = new AbortController();
  const options = { ...optionsFor('stopped', stop.signal), announce: () => stop.abort(new Error('stopped')) };

  await expect(checkOut('v2', options)).rejects.toThrow('stopped');

  expect(await readdir(options.cache)).toEqual([]);
});

it('refuses a version that cannot be measured from outside', async () => {
  const version = await checkOut('v1', optionsFor('once'));

  await expect(openOlder(version, 'handshake', { seed: 1, quick: true })).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: 'v1 has no benchmarks that can be measured beside this version',
  });
});

it('has no variants of a benchmark that the older version does not know', async () => {
  const itself = { ref: 'itself', commit: '', directory: packageRoot };

  await using opened = await openOlder(itself, 'not invented', { seed: 1, quick: true });

  expect(opened.variants).toEqual([]);
});

it('takes an older version in the same rounds, and compares each row with its own', async () => {
  const steps: string[] = [];

  const workload = roundsWorkload({
    name: 'handshake',
    title: 'two of the handshakes',
    seconds: { quick: 1, full: 1 },
    rounds: { quick: { fewest: 3, discard: 1 }, full: { fewest: 10, discard: 1 } },
    units: handshakeUnits,
    control: { id: '0 ms TLSv1.2 RSA full', of: 'handshake' },
    pairs: () => [],
    untilDecided: false,
    tables: [],
    matrix: () => ({ title: '', lineTitle: '', of: 'handshake', cells: [] }),
    notes: [],
    open: async (options) => {
      const opened = await handshake.open?.(options);
      if (!opened) throw new Error('Expected variants');
      return Object.assign(opened, { variants: opened.variants.slice(0, 2) });
    },
  });

  const measured = await workload.run({
    random: seededRandom(3),
    seed: 3,
    clock: systemClock(),
    signal: new AbortController().signal,
    quick: true,
    pace: 'fast',
    budgetMs: 0,
    threshold: 0.05,
    directory,
    scenarios: [],
    setUp: false,
    isDecided: () => true,
    progress: { step: (_done, _of, part) => steps.push(part), note: () => {} },
    older: { ref: 'v1', commit: 'abc', directory: packageRoot },
  });

  const ids = measured.rows.map(({ id }) => id);
  expect(measured.older?.rows.map(({ id }) => id)).toEqual(ids.map((id) => `${id} @ v1`));
  expect(measured.older?.rows.every(({ status }) => status === 'measured')).toBe(true);
  expect(measured.older?.comparisons.map(({ base, other, rounds }) => [base, other, rounds])).toEqual(
    ids.map((id) => [`${id} @ v1`, id, 3]),
  );
  // Three rounds decide nothing.
  expect(new Set(measured.older?.comparisons.map(({ decision }) => decision))).toEqual(
    new Set(['undecided']),
  );
  // Both in each round, the one that is thrown away included.
  expect(steps.filter((id) => id === ids[0])).toHaveLength(4);
  expect(steps.filter((id) => id === `${ids[0]} @ v1`)).toHaveLength(4);
});
