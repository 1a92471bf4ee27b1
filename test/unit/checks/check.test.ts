/** Which part of a journal a check looks at. */
import { expect, it } from 'vitest';
import { within } from '../../../harness/checks/check.ts';
import { entries } from '../entries.ts';

const history = entries(
  { kind: 'a' },
  { kind: 'fault.installed', fault: 'slow' },
  { kind: 'b' },
  { kind: 'fault.lifted', fault: 'slow' },
  { kind: 'b' },
  { kind: 'c' },
);
const kinds = (scope: Parameters<typeof within>[1]) => within(history, scope)?.map(({ kind }) => kind);

it('looks at everything without a scope', () => {
  expect(kinds({})).toHaveLength(history.length);
});

it('looks at the time of a fault, or at what comes after it', () => {
  expect(kinds({ during: 'slow' })).toEqual(['fault.installed', 'b']);
  expect(kinds({ after: 'slow' })).toEqual(['fault.lifted', 'b', 'c']);
});

it('looks from the first entry that is meant, or up to it', () => {
  expect(kinds({ since: { kind: 'b' } })).toEqual(['b', 'fault.lifted', 'b', 'c']);
  expect(kinds({ before: { kind: 'b' } })).toEqual(['a', 'fault.installed']);
  expect(kinds({ after: 'slow', before: { kind: 'c' } })).toEqual(['fault.lifted', 'b']);
});

it('has nothing to look at when the scope never began', () => {
  expect(kinds({ during: 'other' })).toBeUndefined();
  expect(kinds({ after: 'other' })).toBeUndefined();
  expect(kinds({ since: { kind: 'z' } })).toBeUndefined();
  expect(kinds({ before: { kind: 'z' } })).toBeUndefined();
});
