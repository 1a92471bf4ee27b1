/** The lines that the lab's own agents and the first field report wrote: what was read of them before has to be read still. */
import { expect, it } from 'vitest';
import { readLog } from '../../../harness/logs/read-log.ts';

const parse = (line: string) => readLog(line).records[0];

it('takes over every field and calls the text `message`', () => {
  const line = '{"level":"warn","time":1700000000000,"msg":"late","event":"health","state":"degraded"}';

  expect(JSON.stringify(parse(line))).toBe(
    '{"event":"health","state":"degraded","level":"warn","message":"late","time":1700000000000}',
  );
});

it.each([
  'plain text',
  '{"level":"info"',
  '42',
  '"text"',
  '[1]',
  'null',
])('gives %s as a record of unknown level', (line) => {
  expect(parse(line)).toEqual({ level: 'unknown', message: line });
});

it('gives a record without text a form all the same', () => {
  expect(parse('{"level":30,"msg":7,"event":"x"}')).toEqual({
    level: 'info',
    severityText: '30',
    message: '7',
    event: 'x',
  });
  expect(parse('{"level":"info","time":1700000000000,"event":"x"}')).toMatchObject({
    level: 'info',
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
  expect(parse(line)).toMatchObject({ level, message: line.slice(line.indexOf(' - ', 25) + 3) });
});
