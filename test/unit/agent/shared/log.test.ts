import { expect, it } from 'vitest';
import { createLog, type Level, type LogOptions } from '../../../../services/agent/shared/log.ts';
import { createRedactor } from '../../../../services/agent/shared/redact.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const token = 'abc12345-secret-token-xyz9';

function openLog(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const clock = manualClock();
  const sink = { write: (line: string) => lines.push(line) };
  const log = createLog({ clock, sink, redactor: createRedactor([token]), ...options });
  return { log, clock, lines, records: () => lines.map((line) => JSON.parse(line)) };
}

it('writes one JSON object per line with the level by name and the time of the clock', () => {
  const { log, clock, lines, records } = openLog();

  log.warn('Request timeout', { event: 'attempt_failed', attempt: 1 });

  expect(lines[0]?.endsWith('}\n')).toBe(true);
  expect(records()).toEqual([
    { level: 'warn', time: clock.now(), event: 'attempt_failed', attempt: 1, msg: 'Request timeout' },
  ]);
});

it.each([
  ['debug', 5],
  ['info', 4],
  ['warn', 3],
  ['error', 2],
] as const)('at level %s lets %i of five levels through', (level, count) => {
  const { log, lines } = openLog({ level });

  for (const at of ['debug', 'info', 'warn', 'error', 'fatal'] satisfies Level[]) log.write(at, 'x');

  expect(lines).toHaveLength(count);
});

it('writes an error with type, message, code, stack and its causes', () => {
  const { log, records } = openLog();
  const root = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

  log.error('failed', { err: new TypeError('fetch failed', { cause: root }) });

  expect(records()[0].err).toMatchObject({
    type: 'TypeError',
    message: 'fetch failed',
    cause: { type: 'Error', message: 'read ECONNRESET', code: 'ECONNRESET' },
  });
  expect(records()[0].err.stack).toContain('log.test.ts');
});

it('hides secrets in messages, fields, keys, nested errors and lists', () => {
  const { log, lines } = openLog();

  log.error(`sent ${token}`, {
    headers: { Authorization: `Bearer ${token}`, accept: 'x' },
    list: [`t=${token}`, { [token]: 1 }],
    err: new Error('x', { cause: new Error(`GET /?t=${encodeURIComponent(token)}`) }),
    url: new URL(`https://h/?t=${token}`),
  });

  expect(lines.join('')).not.toContain('secret-token');
});

it('shortens a huge record but keeps its cause and both ends of long texts', () => {
  const { log, lines, records } = openLog({ maxRecordBytes: 4_096 });
  const cause = `${'raw request head '.repeat(20_000)} root cause: connect ECONNREFUSED`;

  log.error(`failed - ${cause}`, { event: 'operation_failed', cause, state: 'y'.repeat(100_000), list: [] });

  const [record] = records();
  expect(Buffer.byteLength(lines[0] ?? '')).toBeLessThanOrEqual(4_096);
  expect(record.event).toBe('operation_failed');
  expect(record.cause).toMatch(/^raw request head .* root cause: connect ECONNREFUSED$/);
  expect(record.msg).toContain('ECONNREFUSED');
});

it('leaves out what does not fit even shortened, and says what', () => {
  const { log, lines, records } = openLog({ maxRecordBytes: 2_048 });
  const noise = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`field${n}`, 'z'.repeat(300)]));

  log.error('failed', { ...noise, cause: 'because' });

  expect(Buffer.byteLength(lines[0] ?? '')).toBeLessThanOrEqual(2_048);
  expect(records()[0]).toMatchObject({ cause: 'because', leftOut: expect.arrayContaining(['field0']) });
});

it('does not cut a secret in two before it looks for it', () => {
  const { log, lines } = openLog({ maxRecordBytes: 1_024 });

  for (let pad = 0; pad < 300; pad += 7) log.error('x'.repeat(pad) + token.repeat(200), {});

  expect(lines.join('')).not.toMatch(/abc12345|secret-token|xyz9/);
});

it('names objects that are not plain data instead of writing them out', () => {
  const { log, records } = openLog();
  class Socket {
    secretState = token;
  }

  log.info('x', { socket: new Socket() });

  expect(records()[0].socket).toBe('[object Object]');
});
