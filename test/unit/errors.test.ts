import { expect, it } from 'vitest';
import { fileError, isLabError, LabError, labErrorMeanings } from '../../harness/errors.ts';

it('carries code, message, hint and cause', () => {
  const cause = new Error('ENOSPC');

  const error = new LabError('LAB_DISK_FULL', 'No room in /dev/shm', { hint: 'Free some space.', cause });

  expect(error).toMatchObject({
    code: 'LAB_DISK_FULL',
    message: 'No room in /dev/shm',
    hint: 'Free some space.',
  });
  expect(error.cause).toBe(cause);
});

it('knows its own errors by code, even from another copy of the module', () => {
  const copy = Object.assign(new Error('taken'), { code: 'LAB_PORT_TAKEN' });

  expect(isLabError(copy, 'LAB_PORT_TAKEN')).toBe(true);
  expect(isLabError(copy, 'LAB_DISK_FULL')).toBe(false);
  expect(isLabError(Object.assign(new Error('no'), { code: 'ENOENT' }))).toBe(false);
  expect(isLabError('LAB_PORT_TAKEN')).toBe(false);
});

it('gives every code a meaning that is a sentence', () => {
  for (const meaning of Object.values(labErrorMeanings)) expect(meaning).toMatch(/^[A-Z].+\.$/);
});

it.each([
  ['ENOENT', 'LAB_BAD_INPUT', 'There is no a/b.json'],
  ['ENOTDIR', 'LAB_BAD_INPUT', 'Cannot use a/b.json (ENOTDIR)'],
  ['EROFS', 'LAB_NO_PERMISSION', 'No access to a/b.json (EROFS)'],
  ['ENOSPC', 'LAB_DISK_FULL', 'No space left to write a/b.json'],
])('says what %s of the file system means, and what to do', (cause, code, message) => {
  const error = fileError(Object.assign(new Error(cause), { code: cause }), 'a/b.json');

  expect(error).toMatchObject({ code, message });
  expect(error.hint).toMatch(/^[A-Z].+\.$/);
});
