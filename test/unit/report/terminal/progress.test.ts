import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createProgress } from '../../../../harness/report/terminal/progress.ts';

beforeEach(() => vi.stubEnv('CI', ''));
afterEach(() => vi.unstubAllEnvs());

/** What is written while `of` parts of `partMs` each are taken. */
function written(of: number, partMs: number, options: { isTTY?: boolean; shortMs?: number } = {}): string[] {
  const { isTTY = false, shortMs = 0 } = options;
  let now = 0;
  const lines: string[] = [];
  const stream = { isTTY, columns: 60, write: (text: string) => lines.push(text) };
  const clock = { now: () => now, sleep: async () => {} };
  using progress = createProgress({ stream, clock, shortMs });
  const told = progress.of('handshake');
  for (let done = 0; done < of; done += 1) {
    told.step(done, of, 'a row');
    now += partMs;
  }
  return lines;
}

it('tells in a log how far it is and how long it will take, ten times at most', () => {
  const lines = written(100, 1_000);

  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe('handshake 0 % · a row\n');
  expect(lines[5]).toBe('handshake 50 %, 50.0 s left · a row\n');
});

it('tells of no time that is left while it is too early to tell', () => {
  const lines = written(250, 1_000, { isTTY: true });

  expect(lines.filter((line) => line.includes(' 0 %')).every((line) => !line.includes('left'))).toBe(true);
  expect(lines.find((line) => line.includes(' 1 %'))).toContain('4 min 7 s left');
});

it('says nothing in a log of what is short, and of the rest as soon as that shows', () => {
  expect(written(4, 499, { shortMs: 2_000 })).toEqual([]);
  expect(written(4, 500, { shortMs: 2_000 })).toEqual([
    'handshake 25 %, 1.5 s left · a row\n',
    'handshake 50 %, 1.0 s left · a row\n',
    'handshake 75 %, 500 ms left · a row\n',
  ]);
});

it('rewrites one line on a terminal, takes it away at last, and keeps to plain lines in CI', () => {
  const [eraseLine, options] = ['\r\u001b[2K', { isTTY: true, shortMs: 2_000 }];

  expect(written(2, 100, options)).toEqual([
    'handshake 0 % · a row',
    eraseLine,
    'handshake 50 %, 100 ms left · a row',
    eraseLine,
  ]);

  vi.stubEnv('CI', 'true');
  expect(written(2, 100, options)).toEqual([]);
  expect(written(2, 1_000, options)).toEqual(['handshake 50 %, 1.0 s left · a row\n']);
});
