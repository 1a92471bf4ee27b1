import { expect, it } from 'vitest';
import {
  describeMatcher,
  type Matcher,
  matches,
  type Patterns,
  select,
  valueAt,
} from '../../../harness/journal/matcher.ts';
import { entries } from '../entries.ts';

const [record] = entries({ kind: 'agent.log', level: 'error', status: 503, err: { code: 'ECONNRESET' } });

it.each<[Matcher | Patterns, boolean]>([
  [{ kind: 'agent.log' }, true],
  [{ kind: 'server.log' }, false],
  [{ level: { anyOf: ['warn', 'error'] } }, true],
  [{ level: { not: 'error' } }, false],
  [{ status: { atLeast: 500, atMost: 599 } }, true],
  [{ status: { atLeast: 504 } }, false],
  [{ 'err.code': 'ECONNRESET' }, true],
  [{ 'err.code': { matches: '^ECONN' } }, true],
  [{ 'err.stack': { exists: false } }, true],
  [{ missing: { exists: true } }, false],
  [{ missing: { atLeast: 1 } }, false],
  [{ '*': { matches: 'ECONNRESET' } }, true],
])('decides %j as %s', (matcher, expected) => {
  expect(record && matches(record, matcher)).toBe(expected);
});

it('selects in order', () => {
  const history = entries(
    { kind: 'subject.note', id: 1 },
    { kind: 'agent.log' },
    { kind: 'subject.note', id: 2 },
  );

  expect(select(history, { kind: 'subject.note' }).map((entry) => valueAt(entry, 'id'))).toEqual([1, 2]);
});

it('says what it looks for in words', () => {
  expect(describeMatcher({ kind: 'server.log', event: 'request', status: { atLeast: 500 } })).toBe(
    'server.log event=request status≥500',
  );
});
