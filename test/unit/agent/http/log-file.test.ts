import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLogFile } from '../../../../services/agent/http/log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (n: number): string => `line ${String(n).padStart(4, '0')}\n`;

it('keeps so many files of so many bytes, the newest lines in the newest file', () => {
  const file = join(folder, 'sub/agent.log');
  using log = openLogFile({ file, maxBytes: 100, maxFiles: 3 });

  for (let n = 1; n <= 95; n += 1) log.write(line(n));

  expect(readdirSync(join(folder, 'sub')).sort()).toEqual(['agent.log', 'agent.log.1', 'agent.log.2']);
  expect(readFileSync(file, 'utf8')).toBe([91, 92, 93, 94, 95].map(line).join(''));
  expect(readFileSync(`${file}.1`, 'utf8')).toMatch(/^line 0081\n[\s\S]*line 0090\n$/);
  expect(readFileSync(`${file}.2`, 'utf8')).toMatch(/^line 0071\n[\s\S]*line 0080\n$/);
});

it('goes on where an earlier run ended', () => {
  const file = join(folder, 'agent.log');
  {
    using log = openLogFile({ file, maxBytes: 100 });
    for (let n = 1; n <= 9; n += 1) log.write(line(n));
  }
  using log = openLogFile({ file, maxBytes: 100 });

  log.write(line(10));
  log.write(line(11));

  expect(readFileSync(`${file}.1`, 'utf8').split('\n')).toHaveLength(11);
  expect(readFileSync(file, 'utf8')).toBe(line(11));
});

it('keeps one file only if told so, and a line that is too long whole', () => {
  const file = join(folder, 'agent.log');
  using log = openLogFile({ file, maxBytes: 20, maxFiles: 1 });

  log.write(line(1));
  log.write(`${'x'.repeat(100)}\n`);

  expect(readFileSync(file, 'utf8')).toHaveLength(101);
  expect(existsSync(`${file}.1`)).toBe(false);
});

it('is readable by its owner alone, and closing it twice is harmless', () => {
  const file = join(folder, 'agent.log');
  const log = openLogFile({ file });
  log.write(line(1));

  log[Symbol.dispose]();
  log[Symbol.dispose]();
  log.write(line(2));

  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toBe(line(1));
});
