/** What a worker plays of a subject file that it is told of. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { handedOut, ownSubject } from '../../../harness/cli/own-subject.ts';
import { subjectOfCommand } from '../../../harness/foreign/read-subject.ts';

const file = join('test', 'end-to-end', 'foreign', 'agents', 'shell.json');

it('is told where the file lies and what is in it', async () => {
  const subject = { ...subjectOfCommand(['sh']), file };
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

  expect(await handedOut(subject)).toEqual({ file, sha256 });
  expect(await ownSubject({ file, sha256 }, 'real')).toMatchObject({ file, pace: { how: 'real' } });
});

it('refuses a file that has changed', async () => {
  await expect(ownSubject({ file, sha256: '00' }, 'real')).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: expect.stringContaining('is another file here'),
  });
});

it.each(['../agent.json', '/etc/passwd', 'test/../../agent.json'])('does not look at %s', async (outside) => {
  await expect(ownSubject({ file: outside, sha256: '00' }, 'real')).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: expect.stringContaining('does not lie below'),
  });
});

it('is given no command', async () => {
  await expect(handedOut(subjectOfCommand(['sh']))).rejects.toMatchObject({
    message: 'Workers are given no command: what they play lies on their own disk',
  });
});
