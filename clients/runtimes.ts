/** What the clients run on: each is looked for, and its libraries are put below `node_modules/.cache/clients`. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const clients = import.meta.dirname;
const root = join(clients, '..');
const cache = join(root, 'node_modules/.cache/clients');

export type Runtime = 'node' | 'python' | 'go' | 'java' | 'rust';

/** A runtime that is there. */
export interface Prepared {
  /** Which one it is, as `Node 24.21.0`. */
  readonly version: string;
  /** Folders of programs to look in first. */
  readonly path: readonly string[];
  /** Programs of it cannot be played faster than they are: several wait at a time. */
  readonly isRealPace?: true;
}

const prepare: Readonly<Record<Runtime, () => Promise<Prepared>>> = {
  // Of several versions on a machine it is the one that this runs on.
  node: async () => ({ version: process.versions.node, path: [dirname(process.execPath)] }),
  python: async () => {
    const { stdout } = await run(join(root, '.ci/tools'), ['python'], {
      env: { ...process.env, XDG_CACHE_HOME: cache },
    });
    const folder = stdout.trim();
    const { stdout: said } = await run(join(folder, 'python3'), ['--version']);
    return { version: said.trim().replace('Python ', ''), path: [folder] };
  },
  go: async () => {
    await run('go', ['build', '-o', join(cache, 'go/report-go'), '.'], { cwd: join(clients, 'go') });
    const { stdout } = await run('go', ['env', 'GOVERSION']);
    return { version: stdout.trim().replace('go', ''), path: [], isRealPace: true };
  },
  java: async () => {
    const folder = join(cache, 'java');
    const cwd = join(clients, 'java');
    await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`], { cwd });
    const sources = (await readdir(cwd)).filter((name) => name.endsWith('.java'));
    await run('javac', ['-cp', `${folder}/*`, '-d', folder, ...sources], { cwd });
    const { stdout } = await run('java', ['--version']);
    return { version: /\d[\d.]*/.exec(stdout)?.[0] ?? '', path: [], isRealPace: true };
  },
  rust: async () => {
    const env = { ...process.env, CARGO_TARGET_DIR: join(cache, 'rust') };
    await run('cargo', ['build', '--quiet', '--locked'], { cwd: join(clients, 'rust'), env });
    const { stdout } = await run('rustc', ['--version']);
    return { version: /\d[\d.]*/.exec(stdout)?.[0] ?? '', path: [], isRealPace: true };
  },
};

/** Gets a runtime ready; where that cannot be done, why. */
export async function prepareRuntime(runtime: Runtime): Promise<Prepared | { readonly missing: string }> {
  try {
    return await prepare[runtime]();
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return { missing: (stderr || message).trim().split('\n').at(-1) ?? message };
  }
}
