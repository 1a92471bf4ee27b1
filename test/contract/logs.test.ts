/**
 * The contract of a recogniser: it reads its own samples, is chosen for logs of its format and for no other, and gives each line
 * the level that its writer meant. The logs in `logs/samples` say in their names and texts what has to be read of them.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLog } from '../../harness/logs/read-log.ts';
import { recognisers, wrappers } from '../../harness/logs/recognisers/index.ts';
import { type LogRecord, logLevels } from '../../harness/logs/record.ts';

const folder = join(import.meta.dirname, 'logs/samples');
const files = globSync('*.log', { cwd: folder }).toSorted();
const all = [...recognisers, ...wrappers];

/** Whether a log's format is this one, alone or around another. */
const isOf = (format: string, id: string): boolean => format === id || format.endsWith(` in ${id}`);

describe.each(all)('$id', ({ id, writtenBy, samples }) => {
  it('says what writes it, and has a sample', () => {
    expect(writtenBy).not.toBe('');
    expect(samples.length).toBeGreaterThan(0);
  });

  it.each(samples)('reads $lines', ({ lines, level, message, time, fields = {} }) => {
    const named = readLog(lines, { format: id });

    expect(named.records).toEqual([expect.objectContaining({ level, message, ...fields })]);
    if (time !== undefined) expect(named.records[0]?.time).toBe(time);
  });

  it.each(samples)('is chosen for $lines', ({ lines, level, message }) => {
    const { records, share } = readLog(lines);

    expect(records).toEqual([expect.objectContaining({ level, message })]);
    expect([id, share.format]).toSatisfy(
      ([own = '', format = '']) => isOf(format, own) || level === 'unknown',
    );
  });
});

it('has each id once, and what reads shapes behind what reads formats', () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(recognisers.map(({ fallback = false }) => fallback)).toEqual(
    recognisers.map(({ fallback = false }) => fallback).toSorted((a, b) => Number(a) - Number(b)),
  );
});

/** The case that a text is about: its level, and its number in the order of the log. */
const caseIn = (text: string): string | undefined => /case-[tdiwef]-\d{3}/.exec(text)?.[0];

const meant = (name: string, file: string): string =>
  /^(?:go-log|access-log)\./.test(file)
    ? 'unknown'
    : (logLevels.find((level) => level[0] === name.split('-')[1]) ?? '');

const textOf = (record: LogRecord): string => JSON.stringify(record);

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const { records, share } = readLog(text);
  const cases = text
    .split('\n')
    .map(caseIn)
    .filter((found) => found !== undefined);

  it('has a recogniser of its name, which is chosen', () => {
    const [id = ''] = file.split('.');

    expect(all.map((recogniser) => recogniser.id)).toContain(id);
    expect(isOf(share.format, id) ? id : share.format).toBe(id);
  });

  it('is read to 98 % and more by its format', () => {
    const isShape = all.find(({ id }) => id === file.split('.')[0])?.fallback === true;

    // A line of a shape may be one of a format as well, which is then right about its level.
    expect((isShape ? share.lines - share.unread : share.read) / share.lines).toBeGreaterThanOrEqual(0.98);
    expect(share.unread).toBe(0);
  });

  it('has a record for each case and no other, in order', () => {
    expect(records.map((record) => caseIn(textOf(record)))).toEqual(cases);
  });

  it('has the level that was meant in each', () => {
    const wrong = records
      .map((record) => ({ name: caseIn(textOf(record)) ?? '', level: record.level }))
      .filter(({ name, level }) => level !== meant(name, file));

    expect(wrong).toEqual([]);
  });
});

it.each(all.filter(({ fallback }) => !fallback))('has 38 lines and more of $id', ({ id }) => {
  const own = files.filter((file) => file.split('.')[0] === id);
  const lines = own.map((file) => readFileSync(join(folder, file), 'utf8').split('\n').length - 1);

  expect(Math.max(0, ...lines)).toBeGreaterThanOrEqual(38);
});
