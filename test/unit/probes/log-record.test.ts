import { expect, it } from 'vitest';
import { parseLogLine } from '../../../harness/probes/log-record.ts';

it('takes over every field and calls the text `message`', () => {
  const line = '{"level":"warn","time":1700000000000,"msg":"late","event":"health","state":"degraded"}';

  expect(parseLogLine(line)).toEqual({
    level: 'warn',
    time: 1_700_000_000_000,
    message: 'late',
    event: 'health',
    state: 'degraded',
  });
});

it.each([
  'plain text',
  '{"level":"info"',
  '42',
  '"text"',
  '[1]',
  'null',
])('gives %s as a record of unknown level', (line) => {
  expect(parseLogLine(line)).toEqual({ level: 'unknown', message: line });
});

it('gives a record without text or with a numeric level a form all the same', () => {
  expect(parseLogLine('{"level":30,"msg":7,"event":"x"}')).toEqual({
    level: 'unknown',
    message: '',
    event: 'x',
  });
});

it.each([
  ['2025-11-19 20:00:25 - ERROR - Connection broken: ConnectionResetError', 'error'],
  ['2025-11-25 05:26:47 ERROR - Connection error after 3 attempts', 'error'],
  ['2025-11-25 05:26:47,123 - WARNING - Request timeout (attempt 1/3)', 'warn'],
  ['2025-11-25T05:26:47Z - INFO - started', 'info'],
])('reads the level of %s', (line, level) => {
  expect(parseLogLine(line)).toEqual({ level, message: line.slice(line.indexOf(' - ', 25) + 3) });
});
