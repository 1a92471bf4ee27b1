/** When lost reports are judged: numbers that are no series would be taken for gaps. */
import { expect, it } from 'vitest';
import { passiveChecks } from '../../../harness/foreign/passive-checks.ts';
import { subjectOf } from '../../../harness/foreign/subject.ts';
import type { SubjectFile } from '../../../harness/foreign/subject-file.ts';

const judged = (given: Partial<SubjectFile>) => {
  const subject = subjectOf(
    { name: 'mine', command: ['python3', 'agent.py'], ...given },
    { file: 'mine.json', folder: '/', templates: {} },
  );
  const { checks, notApplicable = {} } = passiveChecks(subject, ['losses']);
  return checks.losses === undefined ? notApplicable.losses : 'judged';
};

it('judges lost reports of a subject whose file says that they are numbered', () => {
  expect(judged({ checks: { losses: {} } })).toBe('judged');
});

it.each([
  [{}, 'does not say that its reports are numbered'],
  [{ checks: { losses: false } }, 'does not want it'],
  [
    { checks: { losses: {} }, server: { routes: { 'POST /x': { effect: 'body:id' } } } },
    'on the reference server only',
  ],
] as const)('does not judge them with %j, and says why', (given, why) => {
  expect(judged(given)).toContain(why);
});
