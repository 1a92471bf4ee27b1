import { expect, it } from 'vitest';
import { LogLines, type LogLinesOptions } from '../../../harness/logs/log-lines.ts';
import { readLog } from '../../../harness/logs/read-log.ts';
import type { LogRecord } from '../../../harness/logs/record.ts';

function start(options: Partial<LogLinesOptions> = {}) {
  const records: LogRecord[] = [];
  const lines = new LogLines({ onRecord: (record) => records.push(record), ...options });
  return { lines, records };
}

const json = '{"level":30,"time":1772448832411,"pid":7,"msg":"ok"}';

it('gives a record of JSON lines at once, and one that may go on when the next begins', () => {
  const { lines, records } = start();

  lines.line(json);
  expect(records).toHaveLength(1);

  lines.line('ERROR:root:gone');
  lines.line('Traceback (most recent call last):');
  expect(records).toHaveLength(1);

  lines.line(json);
  expect(records.map(({ message }) => message)).toEqual([
    'ok',
    'gone\nTraceback (most recent call last):',
    'ok',
  ]);
});

it('gives a record that has been quiet for two looks', () => {
  const { lines, records } = start();

  lines.line('ERROR:root:gone');
  lines.settle();
  expect(records).toEqual([]);

  lines.settle();
  expect(records).toHaveLength(1);
});

it('tells when the first line of a record came', () => {
  let now = 1;
  const seen: number[] = [];
  const lines = new LogLines({ onRecord: (_record, seenAt) => seen.push(seenAt), now: () => now });

  lines.line('ERROR:root:gone');
  now = 2;
  lines.line('  more');
  now = 3;
  lines.flush();

  expect(seen).toEqual([1]);
});

it('bounds a record by lines and by text, and goes on with the next', () => {
  const many = readLog(`ERROR:root:gone\n${'  at x\n'.repeat(1_200)}`).records;
  const long = readLog(`ERROR:root:gone\n${` ${'x'.repeat(60_000)}\n`.repeat(5)}`).records;

  expect(many.map(({ message }) => message.split('\n').length)).toEqual([500, 500, 201]);
  expect(many.map(({ level, continued }) => [level, continued])).toEqual([
    ['error', undefined],
    ['error', true],
    ['error', true],
  ]);
  expect(long.every(({ message }) => message.length <= 128 * 1024)).toBe(true);
  expect(long.reduce((sum, { message }) => sum + message.length, 0)).toBeGreaterThan(300_000);
});

it('counts what comes after the most that anybody looks through', () => {
  const { lines, records } = start({ most: { records: 3, text: 1_000 } });

  for (let n = 0; n < 10; n += 1) lines.line(json);

  expect(records.map(({ message }) => message)).toEqual([
    'ok',
    'ok',
    'ok',
    '… the log goes on; what follows is only counted',
  ]);
  expect(lines.share()).toMatchObject({ format: 'pino', lines: 10, leftOut: 6 });
});

it('reads the level of JSON whose end is cut, by the fields that are whole', () => {
  const { lines, records } = start();

  lines.line(`{"level":50,"time":1772448832411,"pid":7,"a":{"b":[1,2]},"msg":"${'x'.repeat(100)}`, 5_000);

  expect(records).toMatchObject([{ level: 'error', pid: 7, a: { b: [1, 2] }, cutBytes: 5_000 }]);
});

it('takes JSON that is nested too deeply as text', () => {
  const deep = `{"level":30,"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;

  expect(readLog(deep).records).toEqual([{ level: 'unknown', message: deep }]);
});

it('reads a program of JSON lines whose runtime prints its own end', () => {
  const { records, share } = readLog(
    [
      json,
      json,
      'panic: nil map',
      '',
      'goroutine 1 [running]:',
      'main.main()',
      '\t/agent/main.go:54',
      'exit status 2',
    ].join('\n'),
  );

  expect(records.map(({ level }) => level)).toEqual(['info', 'info', 'fatal']);
  expect(records[2]?.message).toContain('exit status 2');
  expect(share).toMatchObject({ format: 'pino', lines: 7, read: 2, others: { crash: 5 }, unread: 0 });
});

it('follows a log whose format changes', () => {
  const text = [...Array<string>(60).fill('ERROR:root:gone'), ...Array<string>(300).fill(json)].join('\n');

  expect(readLog(text).share).toMatchObject({ format: 'pino', read: 300, others: { 'python-logging': 60 } });
});

it('names a format by the lines that it reads, also those that came before it was clear', () => {
  const text = [
    '2026/03/02 10:00:00 WARN is how it begins',
    ...Array<string>(20).fill('2026/03/02 10:00:00 plain'),
  ].join('\n');

  expect(readLog(text).share).toMatchObject({ format: 'go-log', lines: 21, read: 21, others: {} });
});

it('keeps a line that nothing reads as its own record', () => {
  const { records, share } = readLog('✓ Server is reachable\nERROR:root:gone\nGot access token');

  expect(records.map(({ level, message }) => [level, message])).toEqual([
    ['unknown', '✓ Server is reachable'],
    ['error', 'gone'],
    ['unknown', 'Got access token'],
  ]);
  expect(share).toMatchObject({ lines: 3, read: 1, unread: 2 });
});

it('tells programs apart that write through one syslog', () => {
  const head = 'Mar 02 10:00:00 host-a';
  const { records } = readLog(
    [
      `${head} agent[7]: ERROR gone`,
      `${head} agent[7]: Traceback (most recent call last):`,
      `${head} cron[8]:  indented`,
    ].join('\n'),
  );

  expect(records.map(({ message }) => message)).toEqual([
    'gone\nTraceback (most recent call last):',
    ' indented',
  ]);
});

it('takes off colours, carriage returns and a byte order mark', () => {
  expect(readLog('\uFEFF\u001b[31mERROR\u001b[0m:root:gone\r\n\u001b[0m\n').records).toEqual([
    { logger: 'root', level: 'error', severityText: 'ERROR', message: 'gone' },
  ]);
});

it('reads JSON that is written over several lines', () => {
  const { records, share } = readLog(
    '{\n  "level": "error",\n  "msg": "gone"\n}\n{\n  "level": "info",\n  "msg": "ok"\n}\n{\n  "broken\n}',
  );

  expect(records).toEqual([
    { level: 'error', message: 'gone' },
    { level: 'info', message: 'ok' },
    { level: 'unknown', message: '{\n  "broken\n}' },
  ]);
  expect(share).toMatchObject({ format: 'json', lines: 11, read: 8, unread: 3 });
});

it('takes the level at the beginning of a line of Go’s log, also beside lines without one', () => {
  const lines = ['INFO started port=1', 'http: TLS handshake error: EOF', 'ERROR failed err=x', 'plain'];
  const { records } = readLog(lines.map((line) => `2026/03/02 10:00:00 ${line}`).join('\n'));

  expect(records.map(({ level }) => level)).toEqual(['info', 'unknown', 'error', 'unknown']);
});
