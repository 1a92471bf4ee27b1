import { expect, it } from 'vitest';
import { isLabError } from '../../../harness/errors.ts';
import { logFormat } from '../../../harness/logs/own-format.ts';
import { readLog } from '../../../harness/logs/read-log.ts';

const own = {
  pattern: /^(?<time>\S+) <(?<level>\w+)> (?<unit>\w+): (?<message>.*)$/,
  levels: { SHOUT: 'error' },
} as const;

it('reads by the expression, its groups as fields and its words as levels', () => {
  const { records, share } = readLog(
    '2026-03-02T10:00:00.250Z <SHOUT> link: reset\n  at x\nT <warn> link: late',
    { format: own },
  );

  expect(records).toEqual([
    {
      unit: 'link',
      level: 'error',
      severityText: 'SHOUT',
      message: 'reset\n  at x',
      time: 1_772_445_600_250,
      stamp: '2026-03-02T10:00:00.250Z',
    },
    { unit: 'link', level: 'warn', message: 'late', stamp: 'T' },
  ]);
  expect(share).toMatchObject({ format: 'own', read: 3, lines: 3 });
});

it('takes the expression as text, as a file of settings has it', () => {
  const { records } = readLog('W late', { format: { pattern: '^(?<level>\\w) (?<message>.*)$' } });

  expect(records).toEqual([{ level: 'warn', severityText: 'W', message: 'late' }]);
});

it('keeps a word that it does not know, with an unknown level', () => {
  expect(readLog('x <AUDIT> link: login', { format: own }).records).toMatchObject([
    { level: 'unknown', severityText: 'AUDIT', message: 'login' },
  ]);
});

it('reads what the expression does not by the format that does', () => {
  expect(readLog('{"level":50,"time":1772448827410,"msg":"boom"}', { format: own }).records).toMatchObject([
    { level: 'error' },
  ]);
});

it('gives the end of a line that is longer than the expression sees', () => {
  const text = 'a'.repeat(5_000);

  expect(readLog(`x <warn> link: ${text}`, { format: own }).records).toMatchObject([{ message: text }]);
});

it.each([
  ['a name that there is not', 'pyno', /There is no log format pyno/],
  ['no regular expression', { pattern: '(' }, /no regular expression/],
  ['a missing group', { pattern: /^(?<message>.*)$/ }, /no group level/],
  ['two missing groups', { pattern: '^x' }, /no group level and no group message/],
  ['a level that there is not', { ...own, levels: { SHOUT: 'loud' as 'error' } }, /the level loud for SHOUT/],
  [
    'a repetition of a repetition',
    { pattern: '^(?<level>(a+)+) (?<message>.*)$' },
    /repeats what repeats itself: \(a\+\)\+/,
  ],
  ['one with a choice', { pattern: '^(?<level>\\w) (?<message>(?:\\w|\\d+)*)$' }, /repeats itself/],
  ['one with names', { pattern: '^(?<level>\\w) (?<message>(?<x>\\s*\\w*){2,})$' }, /repeats itself/],
])('refuses %s', (_what, format, message) => {
  try {
    logFormat(format);
    expect.unreachable();
  } catch (error) {
    expect(isLabError(error, 'LAB_BAD_INPUT')).toBe(true);
    expect(String(error)).toMatch(message);
  }
});

it.each([
  '^(?<level>\\w+) (?:\\w+\\.)+ (?<message>.*)$',
  '^(?:\\[[^\\]]*\\] )*(?<level>\\w+): (?<message>.*)$',
])('takes a repetition with something fixed in it: %s', (pattern) => {
  expect(logFormat({ pattern }).id).toBe('own');
});

it('says which name was meant', () => {
  expect(() => logFormat('python-loging')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('python-logging') }),
  );
});
