import { expect, it } from 'vitest';
import { deriveState } from '../../../../services/agent/websocket/state.ts';

it.each([
  [0, 'connecting'],
  [1, 'open'],
  [2, 'closing'],
  [3, 'closed'],
] as const)('takes readyState %i for %s', (readyState, state) => {
  expect(deriveState(readyState, true)).toBe(state);
});

it('does not trust an open socket whose peer owes an answer', () => {
  expect(deriveState(1, false)).toBe('suspect');
});

it.each([
  undefined,
  null,
  'OPEN',
  4,
  Number.NaN,
])('knows nothing about a socket that says %j', (readyState) => {
  expect(deriveState(readyState, true)).toBe('unknown');
});
