import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  findOrphans,
  labTemporaryDirectory,
  type Orphan,
  openLedger,
  type Roots,
  removeOrphans,
} from '../../../harness/cleanup/index.ts';
import { identifyProcess, isAlive, processSpace } from '../../../harness/cleanup/process-identity.ts';
import { startOwner } from './owner.ts';

let place: string;
let roots: Roots;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'orphans-test-'));
  roots = { disk: join(place, 'disk'), memory: join(place, 'memory') };
});

afterEach(() => rm(place, { recursive: true, force: true }));

/** An owner that holds a directory, a child and that child's child, and the roots it does that in. */
const holder = () => `
  import { spawn } from 'node:child_process';
  import { once } from 'node:events';
  import { openLedger, labTemporaryDirectory } from './harness/cleanup/index.ts';
  const roots = ${JSON.stringify(roots)};
  const ledger = await openLedger({ roots });
  const directory = await labTemporaryDirectory('held', { ledger, roots });
  const script = 'sleep 600 & sleep 600 & echo ready; wait';
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  ledger.process(child, { session: true });
  await once(child.stdout, 'data');
  setInterval(() => {}, 1000);
  report({ directory: directory.path, pid: child.pid });
`;

const kinds = (orphans: readonly Orphan[]) => orphans.map(({ kind }) => kind);

it('finds nothing while the owner lives', async () => {
  await using _owner = await startOwner(holder());

  expect(await findOrphans({ roots })).toEqual([]);
});

it('finds and removes what a killed owner left, with what its children started', async () => {
  await using owner = await startOwner<{ directory: string; pid: number }>(holder());
  await owner.kill();

  const found = await findOrphans({ roots });
  const removed = await removeOrphans(found, { roots });

  expect(kinds(found)).toEqual(['process', 'process', 'process', 'directory', 'record']);
  expect(removed.map(({ outcome }) => outcome)).toEqual(found.map(() => 'removed'));
  for (const orphan of found) {
    if (orphan.kind === 'process') expect(isAlive(orphan.process)).toBe(false);
    else expect(existsSync(orphan.path)).toBe(false);
  }
  expect(await findOrphans({ roots })).toEqual([]);
});

it('finds the members of a session whose leader is gone', async () => {
  await using owner = await startOwner<{ pid: number }>(holder());
  await owner.kill();
  process.kill(owner.facts.pid, 'SIGKILL');
  await expect.poll(() => identifyProcess(owner.facts.pid)).toBeUndefined();

  const found = await findOrphans({ roots });
  await removeOrphans(found, { roots });

  expect(kinds(found)).toEqual(['process', 'process', 'directory', 'record']);
  expect(await findOrphans({ roots })).toEqual([]);
});

it('leaves to another ledger of the same process what that one has', async () => {
  const [one, other] = [await openLedger({ roots }), await openLedger({ roots })];
  const child = spawn('sleep', ['600']);
  other.process(child);
  const directories = ['one', 'other'].map((name) => join(roots.disk, name));
  for (const [index, ledger] of [one, other].entries()) {
    ledger.directory(String(directories[index]));
    await mkdir(String(directories[index]), { recursive: true });
  }

  await one.close();
  const left = [existsSync(String(directories[0])), existsSync(String(directories[1])), child.signalCode];
  await other.close();

  expect(left).toEqual([false, true, null]);
  expect(existsSync(String(directories[1]))).toBe(false);
  expect(identifyProcess(child.pid as number)).toBeUndefined();
  expect(await readdir(join(roots.disk, 'runs'))).toEqual([]);
});

it('never touches a process that got the number of one that was recorded', async () => {
  const child = spawn('sleep', ['600']);
  const dead = spawn('true');
  await once(dead, 'exit');
  await mkdir(join(roots.disk, 'runs'), { recursive: true, mode: 0o700 });
  const record = join(roots.disk, 'runs', `${dead.pid}-1.ndjson`);
  const recycled = { pid: child.pid, start: '1', command: 'mysqld', session: true };
  await openLedger({ roots }); // Gives the line that names this boot.
  const [own] = await readdir(join(roots.disk, 'runs'));
  const opened = readFileSync(join(roots.disk, 'runs', String(own)), 'utf8');
  await writeFile(record, `${opened}${JSON.stringify({ id: '1.1', process: recycled })}\n`);

  const found = await findOrphans({ roots });
  await removeOrphans(found, { roots });
  await removeOrphans(
    [{ owner: '1-1', kind: 'process', process: { pid: child.pid as number, start: '1' }, command: '' }],
    { roots },
  );

  expect(kinds(found)).toEqual(['record']);
  expect(child.exitCode).toBeNull();
  expect(identifyProcess(child.pid as number)).toBeDefined();
  child.kill('SIGKILL');
});

it('keeps a directory that does not lie within a root of the lab, whatever the record says', async () => {
  const outside = join(place, 'outside');
  await mkdir(join(outside, 'precious'), { recursive: true });
  await mkdir(join(roots.disk, 'runs'), { recursive: true, mode: 0o700 });
  await symlink(outside, join(roots.disk, 'link'));
  const escapes = [
    outside,
    roots.disk,
    '/',
    join(roots.disk, '..', 'outside'),
    join(roots.disk, 'link', 'precious'),
  ];

  const removals = await removeOrphans(
    escapes.map((path): Orphan => ({ owner: '1-1', kind: 'directory', path })),
    { roots },
  );

  expect(removals.map(({ outcome }) => outcome)).toEqual(escapes.map(() => 'kept'));
  expect(existsSync(join(outside, 'precious'))).toBe(true);
});

it('removes a link itself and not what it points to', async () => {
  const outside = join(place, 'outside');
  await mkdir(outside);
  await mkdir(roots.disk, { recursive: true, mode: 0o700 });
  await symlink(outside, join(roots.disk, 'link'));

  await removeOrphans([{ owner: '1-1', kind: 'directory', path: join(roots.disk, 'link') }], { roots });

  expect(existsSync(join(roots.disk, 'link'))).toBe(false);
  expect(existsSync(outside)).toBe(true);
});

it('passes over foreign files, lines that were cut short and lines that mean nothing', async () => {
  await using owner = await startOwner<{ directory: string }>(holder());
  const runs = join(roots.disk, 'runs');
  const [record] = await readdir(runs);
  await writeFile(join(runs, 'notes.txt'), 'not a record');
  await writeFile(join(runs, 'x-1.ndjson'), 'not an owner');
  await mkdir(join(runs, '99999-1.ndjson'));
  const nonsense = [
    'null',
    '7',
    '{"process":{"pid":-1,"start":"1","command":""},"id":"1"}',
    '{"directory":7}',
  ];
  await appendFile(join(runs, String(record)), `${nonsense.join('\n')}\n{"directory":"/hal`);
  await owner.kill();

  const found = await findOrphans({ roots });
  await removeOrphans(found, { roots });

  expect(kinds(found)).toEqual(['process', 'process', 'process', 'directory', 'record']);
  expect(await readdir(runs)).toEqual(expect.arrayContaining(['notes.txt', 'x-1.ndjson']));
});

it('finds directories, but no processes, of a run before the machine was started again', async () => {
  await mkdir(join(roots.disk, 'runs'), { recursive: true, mode: 0o700 });
  await mkdir(join(roots.disk, 'old'));
  const self = identifyProcess(process.pid);
  const lines = [
    { opened: { boot: 'an earlier one', namespace: '' } },
    { id: '1.1', directory: join(roots.disk, 'old') },
    { id: '1.2', process: { ...self, command: 'x', session: false } },
  ];
  const record = join(roots.disk, 'runs', `${self?.pid}-${self?.start}.ndjson`);
  await writeFile(record, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

  expect(kinds(await findOrphans({ roots }))).toEqual(['directory', 'record']);
});

it('leaves the run of another container alone', async () => {
  await mkdir(join(roots.disk, 'runs'), { recursive: true, mode: 0o700 });
  const opened = { ...processSpace(), namespace: 'pid:[1]' };
  await writeFile(join(roots.disk, 'runs', '1-999999999.ndjson'), `${JSON.stringify({ opened })}\n`);

  expect(await findOrphans({ roots })).toEqual([]);
});

it('lists nothing that was given back', async () => {
  await using owner = await startOwner(`
    import { spawn } from 'node:child_process';
    import { once } from 'node:events';
    import { openLedger, labTemporaryDirectory } from './harness/cleanup/index.ts';
    const roots = ${JSON.stringify(roots)};
    const ledger = await openLedger({ roots });
    const child = spawn('true');
    ledger.process(child);
    await once(child, 'exit');
    await (await labTemporaryDirectory('given-back', { ledger, roots }))[Symbol.asyncDispose]();
    setInterval(() => {}, 1000);
    report({});
  `);
  await owner.kill();

  expect(kinds(await findOrphans({ roots }))).toEqual(['record']);
});

it('leaves no record when a run that gave everything back ends', async () => {
  const owner = await startOwner(`
    import { openLedger, labTemporaryDirectory } from './harness/cleanup/index.ts';
    const roots = ${JSON.stringify(roots)};
    await using directory = await labTemporaryDirectory('given-back', { roots });
    report({});
    process.disconnect();
  `);
  await once(owner.child, 'exit');

  expect(await readdir(join(roots.disk, 'runs'))).toEqual([]);
});

it('has the owner remove what its workers left when it closes', async () => {
  const ledger = await openLedger({ roots });
  await using worker = await startOwner<{ directory: string; pid: number }>(holder(), {
    SHAKETABLE_OWNER: ledger.owner,
  });
  await worker.kill();
  expect(await findOrphans({ roots })).toEqual([]); // The run itself is alive.

  const removed = await ledger.close();

  expect(kinds(removed.map(({ orphan }) => orphan))).toEqual([
    'process',
    'process',
    'process',
    'directory',
    'record',
  ]);
  expect(identifyProcess(worker.facts.pid)).toBeUndefined();
  expect(await readdir(roots.disk)).toEqual(['runs']);
  expect(await readdir(join(roots.disk, 'runs'))).toEqual([]);
});

it('begins a record of its own when the owner that it is told of is gone', async () => {
  const ledger = await openLedger({ roots, owner: '2-1' });

  expect(ledger.owner).toMatch(new RegExp(`^${process.pid}-`));
});

it('makes private directories only, and none where somebody else could have prepared the root', async () => {
  await using directory = await labTemporaryDirectory('private', { roots });
  expect((await stat(directory.path)).mode & 0o777).toBe(0o700);

  await chmod(roots.disk, 0o777);
  await expect(labTemporaryDirectory('unsafe', { roots })).rejects.toMatchObject({
    code: 'LAB_NO_PERMISSION',
  });
});

it('says that a temporary directory cannot be made where a file is in the way', async () => {
  await writeFile(join(place, 'file'), '');
  const blocked = { disk: join(place, 'file', 'disk'), memory: join(place, 'memory') };

  await expect(labTemporaryDirectory('blocked', { roots: blocked })).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
  });
});
