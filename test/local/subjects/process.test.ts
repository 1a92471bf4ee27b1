import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identifyProcess } from '../../../harness/cleanup/process-identity.ts';
import { type ProcessOptions, type StartedProcess, startProcess } from '../../../harness/subjects/process.ts';
import { scaledClock, systemClock } from '../../../proxy/core/clock.ts';
import { watchStalls } from '../../support/stalls.ts';

let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'process-test-'));
});

afterEach(() => rm(place, { recursive: true, force: true }));

/** A shell that runs `script`, its output in `out` and `err`. */
function shell(script: string, options: Partial<ProcessOptions> = {}): Promise<StartedProcess> {
  const files = { stdoutFile: join(place, 'out'), stderrFile: join(place, 'err') };
  return startProcess({ command: 'sh', args: ['-c', script], ...files, ...options });
}

/** The number that a script wrote to `name`, once it has. */
async function pidIn(name: string): Promise<number> {
  const path = join(place, name);
  await expect.poll(() => existsSync(path) && readFile(path, 'utf8')).toMatch(/\d\n/);
  return Number(await readFile(path, 'utf8'));
}

it('runs a program with its output in files', async () => {
  await writeFile(join(place, 'out'), 'before\n');
  await using subject = await shell('echo told; echo warned >&2; exit 3');

  expect(await subject.exited).toMatchObject({ code: 3, signal: null });
  expect(await readFile(join(place, 'out'), 'utf8')).toBe('before\ntold\n');
  expect(await readFile(join(place, 'err'), 'utf8')).toBe('warned\n');
});

it('gives it PATH, HOME and the environment that is asked for, and nothing else', async () => {
  await using subject = await startProcess({
    command: process.execPath,
    args: ['-p', 'JSON.stringify(process.env)'],
    env: { SERVER_URL: 'https://localhost', HOME: '/elsewhere' },
    stdoutFile: join(place, 'out'),
  });
  await subject.exited;

  expect(JSON.parse(await readFile(join(place, 'out'), 'utf8'))).toEqual({
    PATH: process.env.PATH,
    HOME: '/elsewhere',
    SERVER_URL: 'https://localhost',
  });
});

it('runs in the directory that it is given', async () => {
  await using subject = await shell('pwd', { cwd: place });
  await subject.exited;

  expect(await readFile(join(place, 'out'), 'utf8')).toBe(`${place}\n`);
});

it('hands over standard error line by line, to the last one', async () => {
  const lines: string[] = [];
  await using subject = await shell('echo one >&2; printf two >&2', {
    onStderrLine: (line) => lines.push(line),
  });
  await subject.exited;

  expect(lines).toEqual(['one', 'two']);
});

it('tells when it exited on the clock that it is given', async () => {
  const clock = scaledClock(systemClock(), 1_000);
  const began = clock.now();
  await using subject = await shell('sleep 0.05', { clock });

  expect((await subject.exited).t - began).toBeGreaterThanOrEqual(50_000);
});

it.each<[string, ProcessOptions]>([
  ['a program that does not exist', { command: 'no-such-program' }],
  ['a directory that does not exist', { command: 'true', cwd: '/no/such/directory' }],
])('says that it cannot start %s', async (_title, options) => {
  await expect(startProcess(options)).rejects.toMatchObject({
    code: 'LAB_SUBJECT_START',
    message: expect.stringContaining('ENOENT'),
    hint: expect.stringContaining(options.cwd ?? options.command),
  });
});

it('ends with SIGTERM what listens to it', async () => {
  await using subject = await shell(
    `trap 'echo goodbye; exit 0' TERM; echo $$ > ${place}/ready; while :; do sleep 0.01; done`,
  );
  await pidIn('ready');

  expect(await subject.stop()).toMatchObject({ code: 0 });
  expect(await readFile(join(place, 'out'), 'utf8')).toBe('goodbye\n');
});

it('kills what does not listen, within the grace', async () => {
  await using subject = await shell(`trap '' TERM; echo $$ > ${place}/ready; while :; do sleep 0.01; done`);
  await pidIn('ready');
  const [began, stalledMs] = [systemClock().now(), watchStalls()];

  expect(await subject.stop(100)).toMatchObject({ signal: 'SIGKILL' });
  expect(systemClock().now() - began).toBeLessThan(2_000 + stalledMs());
});

it('ends what was stopped in its tracks', async () => {
  await using subject = await shell('sleep 600');
  subject.kill('SIGSTOP');

  expect(await subject.stop()).toMatchObject({ signal: 'SIGTERM' });
});

it('ends with the subject what the subject started', async () => {
  await using subject = await shell(`sleep 600 & echo $! > ${place}/child; wait`);
  const child = await pidIn('child');
  expect(identifyProcess(child)).toBeDefined();

  await subject.stop();

  await expect.poll(() => identifyProcess(child)).toBeUndefined();
});

it('ends what a subject that exited by itself left of its group', async () => {
  await using subject = await shell(`sleep 600 & echo $! > ${place}/child; exit 0`);
  await subject.exited;

  const child = await pidIn('child');
  await expect.poll(() => identifyProcess(child)).toBeUndefined();
});

it('may be stopped and disposed of as often as one likes, and signalled when it is gone', async () => {
  const subject = await shell('sleep 600');

  await Promise.all([subject.stop(), subject.stop(), subject[Symbol.asyncDispose]()]);
  await subject[Symbol.asyncDispose]();
  subject.kill('SIGTERM');

  expect(await subject.exited).toMatchObject({ signal: 'SIGTERM' });
});

it('is written down when it starts', async () => {
  const written: string[] = [];
  await using subject = await shell('exit 0', {
    ledger: {
      process(child, { command }) {
        written.push(`${command} is ${child.pid}`);
        return () => undefined;
      },
    },
  });

  expect(written).toEqual([`sh -c exit 0 is ${subject.pid}`]);
});

it('is over although a process that left its group still holds its output', async () => {
  const heard: string[] = [];
  const pidFile = join(place, 'pid');
  // In another session: it gets no signal that its parent's group gets.
  const leave = `setsid sh -c 'echo $$ > ${pidFile}; exec sleep 600' & until [ -s ${pidFile} ]; do :; done; echo said`;
  const { exited } = await startProcess({
    command: 'sh',
    args: ['-c', leave],
    onStdoutLine: (line) => heard.push(line),
  });

  try {
    expect(await exited).toMatchObject({ code: 0 });
    expect(heard).toEqual(['said']);
  } finally {
    process.kill(await pidIn('pid'), 'SIGKILL');
  }
});
