/** Builds both packages and packs them, as a release does. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { root } from './consumer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed packages, by name. */
    tarballs: Readonly<Record<'shaketable' | 'shaketable-proxy', string>>;
  }
}

const run = promisify(execFile);

export default async function pack(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-tarballs-'));
  await run(process.execPath, ['build/main.ts'], { cwd: root });
  const packed = async (name: string): Promise<string> => {
    const args = ['pack', `./dist/${name}`, '--pack-destination', directory, '--json'];
    const { stdout } = await run('npm', args, { cwd: root });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    return join(directory, filename);
  };
  project.provide('tarballs', {
    shaketable: await packed('shaketable'),
    'shaketable-proxy': await packed('shaketable-proxy'),
  });
  return () => rm(directory, { recursive: true, force: true });
}
