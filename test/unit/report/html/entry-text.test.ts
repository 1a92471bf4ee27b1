import { expect, it } from 'vitest';
import type { Entry } from '../../../../harness/journal/entry.ts';
import { entryText } from '../../../../harness/report/html/entry-text.ts';

/** As a stored journal may have it: of any kind, and with fields missing. */
const entry = (kind: string, fields: object) =>
  ({ n: 1, t: 0, source: 'proxy', kind, ...fields }) as unknown as Entry;

it.each<[string, object, string]>([
  ['connection.open', { link: 'a→b', connection: 3 }, '#3 opens on a→b'],
  [
    'connection.close',
    { link: 'a→b', connection: 3, end: 'reset', by: 'fault', ageMs: 1_200, bytesUp: 5, bytesDown: 0 },
    '#3 closes on a→b: reset by fault after 1.2 s, ↑ 5 B ↓ 0 B',
  ],
  [
    'fault.strike',
    { fault: 'cut', reason: 'drawn', connection: 3 },
    'fault cut strikes: drawn · connection=3',
  ],
  [
    'fault.skipped',
    { fault: 'cut', faultKind: 'http_status', link: 'a→b', connection: 3, reason: 'no HTTP/1.x' },
    'fault cut leaves #3 alone: no HTTP/1.x · faultKind=http_status · link=a→b',
  ],
  [
    'server.log',
    { level: 'info', event: 'request', method: 'POST', path: '/x', status: 401, durationMs: 4 },
    'INFO POST /x → 401 in 4 ms',
  ],
  [
    'agent.log',
    { level: 'error', message: 'gone\nfor good', err: { type: 'Error', message: 'no', stack: 'long' } },
    'ERROR gone ⏎ for good · err={"type":"Error","message":"no"}',
  ],
  [
    'log.format',
    { of: 'agent', log: 'agent', format: 'pino', lines: 1_204, read: 1_195, unread: 9 },
    'agent: pino, 99.2 % of 1204 lines · of=agent · unread=9',
  ],
  ['made.up', { anything: [1, { a: 2 }] }, 'anything=[1,{"a":2}]'],
])('tells %s in words', (kind, fields, text) => {
  expect(entryText(entry(kind, fields), 200)).toBe(text);
});

it('says how much of a long entry is missing', () => {
  expect(entryText(entry('subject.note', { name: 'x'.repeat(300) }), 100)).toMatch(/… \(\+200 characters\)$/);
});
