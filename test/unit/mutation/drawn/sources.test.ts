import { expect, it } from 'vitest';
import { copyOf, defaultPaths, fingerprint, readSources } from '../../../mutation/drawn/sources.ts';
import type { ScratchCopy } from '../../../mutation/scratch-copy.ts';

it('reads the services without the naive subjects', async () => {
  const files = (await readSources(defaultPaths)).map(({ file }) => file);

  expect(files).toContain('services/agent/http/hardened/main.ts');
  expect(files).toContain('services/server/main.ts');
  expect(files.filter((file) => file.includes('naive'))).toEqual([]);
});

it('reads one file, or what is below one folder and no other of its beginning', async () => {
  const read = async (path: string) => (await readSources([path])).map(({ file }) => file);

  expect(await read('services/agent/http/http.ts')).toEqual(['services/agent/http/http.ts']);
  await expect(read('services/agent/htt')).rejects.toThrow('No file of a sound service is at or below');
  await expect(read('harness/run')).rejects.toThrow('No file of a sound service is at or below');
});

it('copies nothing but the code that is measured', async () => {
  let copies = 0;
  const make = async (): Promise<ScratchCopy> => {
    copies += 1;
    const remove = async (): Promise<void> => {
      copies -= 1;
    };
    return { [Symbol.asyncDispose]: remove } as Partial<ScratchCopy> as ScratchCopy;
  };

  await copyOf(await fingerprint(), make);
  expect(copies).toBe(1);
  await expect(copyOf('of other code', make)).rejects.toThrow('The code has changed while it was measured');
  expect(copies).toBe(1);
});
