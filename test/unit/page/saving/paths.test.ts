import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileNameOf, pathBelow } from '../../../../harness/page/saving/paths.ts';
import { writeNew } from '../../../../harness/scenario-text/paths.ts';

describe('where the page may write', () => {
  it.each(['by-hand/x.ts', 'x.ts', 'a/b/c.mts', 'a/../b.ts', '/project/x.ts'])('takes %s', (name) => {
    expect(pathBelow('/project', name, ['.ts', '.mts'])).toMatch(/^\/project\/[^.]*\.m?ts$/);
  });

  it.each([
    '../x.ts',
    '/etc/x.ts',
    'a/../../x.ts',
    '',
    '.',
    'x.js',
    'x',
    '.git/hooks/x.ts',
    'node_modules/y/x.ts',
    'a\u0000.ts',
    'a\\b.ts',
    '.x.ts',
  ])('refuses %j', (name) => {
    expect(() => pathBelow('/project', name, ['.ts'])).toThrow(
      expect.objectContaining({ code: 'LAB_BAD_INPUT' }),
    );
  });

  it('writes nothing over', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'page-'));
    const path = join(directory, 'a/b.ts');
    await writeNew(path, 'first');
    await expect(writeNew(path, 'second')).rejects.toMatchObject({ code: 'LAB_BAD_INPUT' });
    expect(await readFile(path, 'utf8')).toBe('first');
    await rm(directory, { recursive: true });
  });

  it('makes a file name of any title', () => {
    expect(fileNameOf('Idle connection, reset!')).toBe('idle-connection-reset');
    expect(fileNameOf('../../etc/passwd')).toBe('etc-passwd');
    expect(fileNameOf('日本語')).toBe('played-by-hand');
    expect(fileNameOf('Ärger')).toBe('a-rger');
  });
});
