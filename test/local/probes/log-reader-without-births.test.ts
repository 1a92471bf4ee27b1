/** The log reader on a file system that keeps no births: the system's answers, with the births taken out. */
import { appendFileSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followLog } from '../../../harness/probes/log-reader.ts';

/** Node gives 0 where statx(2) knows no birth, and the last change of the inode where there is no statx. */
const births = vi.hoisted(() => ({ are: 'zero' as 'zero' | 'changes' }));

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const without = <Facts extends { birthtimeNs: bigint; ctimeNs: bigint }>(facts: Facts): Facts =>
    Object.assign(facts, { birthtimeNs: births.are === 'zero' ? 0n : facts.ctimeNs });
  const stat = async (path: string) => without(await fs.stat(path, { bigint: true }));
  const open = async (path: string, flags: string) => {
    const file = await fs.open(path, flags);
    const inner = file.stat.bind(file);
    const outer = async (options?: { bigint: true }) =>
      options === undefined ? inner() : without(await inner(options));
    return Object.assign(file, { stat: outer });
  };
  return { ...fs, stat, open };
});

let place: string;
let path: string;
let messages: string[];

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'log-reader-test-'));
  path = join(place, 'agent.log');
  messages = [];
});

afterEach(() => rm(place, { recursive: true, force: true }));

const write = (message: string, to = path): void =>
  appendFileSync(to, `{"level":"info","msg":"${message}"}\n`);
const follow = () =>
  followLog({ path, pollMs: 3_600_000, onRecord: ({ message }) => messages.push(message) });

describe.each(['zero', 'changes'] as const)('births are %s', (kind) => {
  beforeEach(() => {
    births.are = kind;
  });

  it('gives each record once while the file is written', async () => {
    await using log = follow();
    for (const message of ['one', 'two', 'three']) {
      write(message);
      await log.drain();
    }

    expect(messages).toEqual(['one', 'two', 'three']);
  });

  it('reads files that came and went between two looks, by their numbers', async () => {
    write('one');
    await using log = follow();
    await log.drain();

    renameSync(path, `${path}.2`);
    write('two', `${path}.1`);
    write('three');
    await log.drain();
    write('late', `${path}.1`);
    await log.drain();

    expect(messages).toEqual(['one', 'two', 'three', 'late']);
  });

  it('reads nothing twice when files that were read get older names', async () => {
    write('one');
    await using log = follow();
    await log.drain();
    for (const message of ['two', 'three', 'four']) {
      renameTo(3, 2, 1);
      renameSync(path, `${path}.1`);
      write(message);
      await log.drain();
    }

    expect(messages).toEqual(['one', 'two', 'three', 'four']);
  });

  it('reads a new file that got the inode of a removed one', async () => {
    write('one');
    await using log = follow();
    await log.drain();
    for (const message of ['two', 'three', 'four', 'five', 'six']) {
      rmSync(`${path}.2`, { force: true });
      renameTo(1);
      renameSync(path, `${path}.1`);
      write(message);
      await log.drain();
    }

    expect(messages).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  });
});

/** `.2` becomes `.3`, and so on. */
function renameTo(...ages: number[]): void {
  for (const age of ages) {
    try {
      renameSync(`${path}.${age}`, `${path}.${age + 1}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
