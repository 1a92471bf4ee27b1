import { expect, it } from 'vitest';
import { followed } from '../../../harness/checks/followed.ts';
import type { JsonObject } from '../../../harness/journal/entry.ts';
import { entries } from '../entries.ts';

const journal = entries({ kind: 'agent.log', t: 0 }, { kind: 'server.log', t: 1_000 });

function judge(bounds: { withinMs?: number; notBeforeMs?: number }) {
  const { params } = followed('it waits', {
    each: { kind: 'agent.log' },
    by: { kind: 'server.log' },
    ...bounds,
  });
  return followed.kind.judge(journal, params as JsonObject);
}

it.each([
  ['pass', { notBeforeMs: 1_000 }],
  ['fail', { notBeforeMs: 1_001 }],
  ['pass', { withinMs: 1_000 }],
  ['fail', { withinMs: 999 }],
] as const)('gives %s for an event 1 s later when it is to come %j', (outcome, bounds) => {
  expect(judge(bounds).outcome).toBe(outcome);
});

it('tells the shortest wait where waiting is the point', () => {
  expect(judge({ notBeforeMs: 900, withinMs: 2_000 })).toMatchObject({
    measured: '1 followed, the shortest after 1 s, the longest after 1 s',
    expected: 'each within 2 s, not before 900 ms',
  });
});
