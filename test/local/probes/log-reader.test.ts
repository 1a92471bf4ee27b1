import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogRecord } from '../../../harness/logs/record.ts';
import { type FollowedLog, followLog } from '../../../harness/probes/log-reader.ts';
import { systemClock } from '../../../proxy/core/clock.ts';

let place: string;
let path: string;
let records: LogRecord[];

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'log-reader-test-'));
  path = join(place, 'agent.log');
  records = [];
});

afterEach(() => rm(place, { recursive: true, force: true }));

const line = (message: string): string => `{"level":"info","time":1,"msg":"${message}"}\n`;
const write = (message: string): void => appendFileSync(path, line(message));
const messages = (): string[] => records.map(({ message }) => message);

/** Follows the log. With an interval beyond the test, it looks once at the start and then only when it is drained. */
function follow(pollMs = 3_600_000): FollowedLog {
  return followLog({ path, pollMs, onRecord: (record) => records.push(record) });
}

it('reads what is there already and what comes later', async () => {
  write('one');
  await using _log = follow(1);
  await expect.poll(messages).toEqual(['one']);

  write('two');

  await expect.poll(messages).toEqual(['one', 'two']);
  expect(records[1]).toEqual({ level: 'info', time: 1, message: 'two' });
});

it('waits for a file that is not there yet', async () => {
  await using log = follow();
  await log.drain();

  write('one');
  await log.drain();

  expect(messages()).toEqual(['one']);
});

it('comes to an end with a writer that does not pause', async () => {
  let left = 20_000;
  /** For each line that is read there are two more. */
  const writeOn = (): void => {
    left -= 1;
    if (left > 0) appendFileSync(path, line('more').repeat(2));
  };
  await using log = followLog({ path, onRecord: writeOn, pollMs: 3_600_000 });
  write('one');

  await log.drain();
  const leftThen = left;

  left = 0;
  expect(leftThen).toBeGreaterThan(0);
  expect(leftThen).toBeLessThan(20_000);
});

it('gives a line once it is complete, with characters that came in pieces whole', async () => {
  const bytes = Buffer.from(line('Zürich 🏔'));
  await using log = follow();
  for (const byte of bytes.subarray(0, -1)) {
    appendFileSync(path, Buffer.of(byte));
    await log.drain();
  }
  expect(records).toEqual([]);

  appendFileSync(path, '\n');
  await log.drain();

  expect(messages()).toEqual(['Zürich 🏔']);
});

it('gives text that is no record as it stands', async () => {
  appendFileSync(path, `no record\n${line('one')}`);
  const raw: string[] = [];
  await using log = followLog({
    path,
    onRecord: (record) => records.push(record),
    onRaw: (text) => raw.push(text),
  });
  await log.drain();

  expect(records[0]).toEqual({ level: 'unknown', message: 'no record' });
  expect(raw).toEqual(['no record', line('one').trim()]);
});

it('joins the lines of a record, and gives it when nothing more has come', async () => {
  appendFileSync(
    path,
    'ERROR:root:gone\nTraceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1\n',
  );
  await using log = follow(1);

  await expect
    .poll(messages)
    .toEqual(['gone\nTraceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1']);
  expect(log.share()).toMatchObject({ format: 'python-logging', lines: 4, read: 4 });
});

it('gives the record of an unfinished file when it is disposed of', async () => {
  const log = follow();
  appendFileSync(path, 'ERROR:root:gone\n  indented without an end');

  await log[Symbol.asyncDispose]();

  expect(messages()).toEqual(['gone\n  indented without an end']);
});

it('begins anew when the file is truncated', async () => {
  write('one');
  write('two');
  await using log = follow();
  await log.drain();

  truncateSync(path);
  write('three');
  await log.drain();

  expect(messages()).toEqual(['one', 'two', 'three']);
});

it('reads a rotated file to its end before the new one', async () => {
  write('one');
  await using log = follow();
  await log.drain();

  write('two');
  renameSync(path, `${path}.1`);
  write('three');
  await log.drain();

  expect(messages()).toEqual(['one', 'two', 'three']);
});

it('waits between the renaming and the new file', async () => {
  write('one');
  await using log = follow();
  await log.drain();

  renameSync(path, `${path}.1`);
  await log.drain();
  appendFileSync(`${path}.1`, line('two'));
  await log.drain();
  write('three');
  await log.drain();

  expect(messages()).toEqual(['one', 'two', 'three']);
});

it('still reads from a writer that has not noticed the rotation', async () => {
  write('one');
  await using log = follow();
  const writer = await open(path, 'a');
  await log.drain();
  renameSync(path, `${path}.1`);
  write('two');
  await log.drain();

  await writer.write(line('late'));
  await log.drain();

  expect(messages()).toEqual(['one', 'two', 'late']);
  await writer.close();
});

it('reads files that came and went between two looks, oldest first', async () => {
  write('one');
  await using log = follow();
  await log.drain();

  // All within a tick of the kernel's clock or two: some are born at the same time.
  for (const message of ['two', 'three', 'four', 'five', 'six']) {
    for (const age of [4, 3, 2, 1]) rotate(age);
    renameSync(path, `${path}.1`);
    write(message);
  }
  await log.drain();

  expect(messages()).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
});

it('reads files that were named after the day, oldest first', async () => {
  write('one');
  await using log = follow();
  await log.drain();

  for (const [day, message] of [
    ['09', 'two'],
    ['10', 'three'],
    ['11', 'four'],
  ]) {
    renameSync(path, `${path}.2026-11-${day}`);
    write(message ?? '');
  }
  renameSync(path, `${path}-20261112`);
  write('five');
  await log.drain();

  expect(messages()).toEqual(['one', 'two', 'three', 'four', 'five']);
});

/** Makes room at `.<age>`, as rotation does: `.2` becomes `.3`. */
function rotate(age: number): void {
  try {
    renameSync(`${path}.${age}`, `${path}.${age + 1}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

it('loses no record of a writer that rotates as it goes', async () => {
  const expected = Array.from({ length: 400 }, (_, index) => `record ${index}`);
  const log = follow(1);
  for (const [index, message] of expected.entries()) {
    write(message);
    if (index % 50 === 49) {
      for (const age of [9, 8, 7, 6, 5, 4, 3, 2, 1]) rotate(age);
      renameSync(path, `${path}.1`);
      await systemClock().sleep(5);
    }
  }
  await log[Symbol.asyncDispose]();

  expect(messages()).toEqual(expected);
});

it('drains when it is disposed of, an unfinished last line included, and gives nothing twice', async () => {
  write('one');
  const log = follow();
  await log.drain();
  appendFileSync(path, `${line('two')}and the end`);

  await Promise.all([log[Symbol.asyncDispose](), log[Symbol.asyncDispose]()]);
  await log[Symbol.asyncDispose]();

  expect(messages()).toEqual(['one', 'two', 'and the end']);
});

it('says in the end that the log cannot be read', async () => {
  const log = followLog({ path: place, onRecord: (record) => records.push(record) });

  await expect(log.drain()).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: expect.stringContaining(place),
  });
  await expect(log[Symbol.asyncDispose]()).rejects.toMatchObject({ code: 'LAB_BAD_INPUT' });
});

it('lets an error of whoever gets the records through as it is', async () => {
  writeFileSync(path, line('one'));
  const reason = new Error('the journal is closed');
  const log = followLog({
    path,
    onRecord: () => {
      throw reason;
    },
  });

  await expect(log.drain()).rejects.toBe(reason);
  await expect(log[Symbol.asyncDispose]()).rejects.toBe(reason);
});
