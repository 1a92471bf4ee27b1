/** Which part of a journal a check looks at. */
import { expect, it } from 'vitest';
import { within } from '../../../harness/checks/check.ts';
import { entries } from '../entries.ts';

const history = entries(
  { kind: 'subject.note' },
  { kind: 'fault.installed', fault: 'slow' },
  { kind: 'agent.log' },
  { kind: 'fault.lifted', fault: 'slow' },
  { kind: 'agent.log' },
  { kind: 'server.log' },
);
const kinds = (scope: Parameters<typeof within>[1]) => within(history, scope)?.map(({ kind }) => kind);

it('looks at everything without a scope', () => {
  expect(kinds({})).toHaveLength(history.length);
});

it('looks at the time of a fault, or at what comes after it', () => {
  expect(kinds({ during: 'slow' })).toEqual(['fault.installed', 'agent.log']);
  expect(kinds({ after: 'slow' })).toEqual(['fault.lifted', 'agent.log', 'server.log']);
});

it('looks from the first entry that is meant, or up to it', () => {
  expect(kinds({ since: { kind: 'agent.log' } })).toEqual([
    'agent.log',
    'fault.lifted',
    'agent.log',
    'server.log',
  ]);
  expect(kinds({ before: { kind: 'agent.log' } })).toEqual(['subject.note', 'fault.installed']);
  expect(kinds({ after: 'slow', before: { kind: 'server.log' } })).toEqual(['fault.lifted', 'agent.log']);
});

it('has nothing to look at when the scope never began', () => {
  expect(kinds({ during: 'other' })).toBeUndefined();
  expect(kinds({ after: 'other' })).toBeUndefined();
  expect(kinds({ since: { kind: 'process.exit' } })).toBeUndefined();
  expect(kinds({ before: { kind: 'process.exit' } })).toBeUndefined();
});
