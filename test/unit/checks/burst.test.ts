/** What the largest burst is, where nothing came. */
import { expect, it } from 'vitest';
import { burst } from '../../../harness/checks/burst.ts';
import type { JsonObject } from '../../../harness/journal/entry.ts';
import { entries } from '../entries.ts';

const journal = entries({ kind: 'fault.strike', fault: 'cut', t: 0 }, { kind: 'server.log', t: 1_000 });

it.each([
  ['unknown', 'unless it says what makes silence right', {}],
  ['pass', 'where that happened', { given: { kind: 'fault.strike' } }],
  ['unknown', 'where it did not', { given: { kind: 'fault.lifted' } }],
] as const)('gives %s for nothing at all, %s', (outcome, _where, given) => {
  const { params } = burst('no flood', { of: { kind: 'agent.log' }, withinMs: 60_000, atMost: 60, ...given });

  expect(burst.kind.judge(journal, params as JsonObject).outcome).toBe(outcome);
});
