import { expect, it } from 'vitest';
import { openLog } from '../../../services/server/log.ts';
import { manualClock } from '../../support/manual-clock.ts';

function capture(level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  const clock = manualClock(1_764_048_407_123.9);
  const { log } = openLog({ clock, level, destination: { write: (line) => lines.push(line) } });
  return { log, lines };
}

it('writes one JSON object a line with level as a word and time of the clock', () => {
  const { log, lines } = capture();

  log.info({ event: 'listening', url: 'https://x' }, 'listening');

  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    time: 1_764_048_407_124,
    event: 'listening',
    url: 'https://x',
    msg: 'listening',
  });
});

it('leaves out what is below its level', () => {
  const { log, lines } = capture();

  log.debug('detail');

  expect(lines).toEqual([]);
});

it('keeps of an error its type, message, code, stack and cause, and nothing else that hangs on it', () => {
  const { log, lines } = capture();
  const cause = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
  const error = Object.assign(new TypeError('query failed', { cause }), { sql: "SELECT 'planted-secret'" });

  log.error({ event: 'database_error', err: error }, 'failed');

  expect(lines[0]).not.toContain('planted-secret');
  expect(JSON.parse(lines[0] ?? '').err).toEqual({
    type: 'TypeError',
    message: 'query failed',
    stack: error.stack,
    cause: { type: 'Error', message: 'lost', code: 'ECONNRESET', stack: cause.stack },
  });
});
