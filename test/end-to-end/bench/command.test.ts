import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCommand } from '../../local/run/command.ts';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-bench-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const shaketable = (args: readonly string[]) => startCommand(args).ended;

it('lists what there is to measure', async () => {
  const { code, output } = await shaketable(['bench', '--list']);

  expect(code).toBe(0);
  expect(output).toContain('handshake');
});

it.each([
  { why: 'a benchmark that there is not', args: ['handshakes'], told: 'Did you mean handshake?' },
  {
    why: 'a baseline that there is not',
    args: ['handshake', '--baseline', '/nowhere.json'],
    told: 'nowhere.json',
  },
  {
    why: 'a file that cannot be written afterwards',
    args: ['handshake', '--save', join(import.meta.filename, 'saved.json')],
    told: 'saved.json (ENOTDIR)',
  },
  {
    why: 'a threshold that is none',
    args: ['handshake', '--threshold', '0'],
    told: 'whole number, 1 or more',
  },
  {
    why: 'a fleet of nobody',
    args: ['fleet', '--agents', '0'],
    told: 'whole number, 1 or more',
  },
  {
    why: 'a fleet of another benchmark',
    args: ['handshake', '--agents', '9'],
    told: '--agents is for fleet, which was not chosen',
  },
  {
    why: 'measures of another benchmark',
    args: ['handshake', '--measures', 'bulk'],
    told: '--measures is for proxy, which was not chosen',
  },
  {
    why: 'a measure that there is not',
    args: ['proxy', '--measures', 'bulk,speed'],
    told: 'There is no measure called "speed"',
  },
  {
    why: 'more agents than files may be open',
    args: ['fleet', '--agents', '1000000000'],
    told: 'open files in a process',
  },
])('ends with 64 for $why', async ({ args, told }) => {
  const { code, output } = await shaketable(['bench', ...args]);

  expect(code).toBe(64);
  expect(output).toContain(told);
});

it('measures, saves, and compares with what was saved', async () => {
  const file = join(directory, 'saved.json');
  const again = join(directory, 'again.json');
  const common = ['bench', 'handshake', '--quick', '--out', directory];

  const first = await shaketable([...common, '--seed', '7', '--save', file]);
  const second = await shaketable([...common, '--seed', '8', '--save', again, '--baseline', file]);

  const saved = JSON.parse(await readFile(file, 'utf8'));
  const bench = JSON.parse(await readFile(again, 'utf8'));
  expect(first.output).toContain('0 ms TLSv1.3 ECDSA resumed');
  expect(saved.seed).toBe(7);
  expect(bench.baseline.id).toBe(saved.id);
  expect(bench.baseline.comparisons).toHaveLength(bench.workloads[0].rows.length);
  // Three rounds decide nothing.
  expect([first.code, second.code]).toEqual([0, 2]);
  expect(await readFile(join(directory, bench.id, 'summary.md'), 'utf8')).toContain('## ? Shaketable bench');
  expect(await realpath(join(directory, 'latest-bench'))).toBe(await realpath(join(directory, bench.id)));
  const page = join(directory, 'latest-bench', 'index.html');
  const written = await readFile(page, 'utf8');
  await rm(page);
  expect(await shaketable(['report', join(directory, 'latest-bench')])).toMatchObject({ code: 0 });
  expect(await readFile(page, 'utf8')).toBe(written);
}, 180_000);

it.each([
  { why: 'is half-written', text: '{"version": 1', told: 'half-written' },
  {
    why: 'lacks what a report shows',
    text: '{"version":1,"id":"a","startedAt":"b","quick":true,"machine":{},"workloads":[]}',
    told: 'is not as its schema says: seed',
  },
])('writes no report of a benchmark that $why', async ({ text, told }) => {
  const broken = await mkdtemp(join(directory, 'broken-'));
  await writeFile(join(broken, 'bench.json'), text);

  const { code, output } = await shaketable(['report', broken]);

  expect(code).toBe(64);
  expect(output).toContain(told);
  expect(await readdir(broken)).toEqual(['bench.json']);
});

it.each(['handshake', 'fleet'])('stops %s on Ctrl-C, and takes its processes along', async (name) => {
  const command = startCommand(['bench', name, '--quick', '--out', directory]);
  // It ends once all that write to its standard error have ended.
  await command.printed(`${name} 0 %`);

  command.child.kill('SIGINT');

  expect((await command.ended).code).toBe(130);
});
