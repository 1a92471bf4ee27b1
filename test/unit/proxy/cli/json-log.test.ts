/** The log of the proxy command, line by line. */
import { expect, it } from 'vitest';
import { createJsonLog, type LogLevel } from '../../../../proxy/cli/json-log.ts';

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678), sleep: () => Promise.resolve() };

function logged(level: string | undefined): string[] {
  const lines: string[] = [];
  const log = createJsonLog({ level, clock, write: (line) => lines.push(line) });
  for (const each of ['debug', 'info', 'warn', 'error'] satisfies LogLevel[]) log(each, each);
  return lines.map((line) => JSON.parse(line).message);
}

it('writes the level, the fields, the time to the second, and the message, in that order', () => {
  const lines: string[] = [];
  const log = createJsonLog({ level: undefined, clock, write: (line) => lines.push(line) });

  log('info', 'Started proxy', { name: 'a\n"b"', error: new Error('why') });

  expect(lines).toEqual([
    '{"level":"info","name":"a\\n\\"b\\"","error":"why","time":"2026-01-02T03:04:05Z","message":"Started proxy"}\n',
  ]);
});

it.each([
  [undefined, 4],
  ['trace', 4],
  ['-1', 4],
  ['DEBUG', 4],
  ['Info', 3],
  ['1', 3],
  ['warn', 2],
  ['error', 1],
  ['fatal', 0],
  ['disabled', 0],
  ['', 0],
])('writes at LOG_LEVEL %j the last %i of four levels', (level, count) => {
  expect(logged(level)).toEqual(['debug', 'info', 'warn', 'error'].slice(4 - count));
});

it('says that it does not know a level, and writes everything', () => {
  const [first, ...rest] = logged('warning');

  expect(first).toBe('Unknown LOG_LEVEL "warning", logging everything');
  expect(rest).toHaveLength(4);
});
