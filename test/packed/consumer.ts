/** Somebody else's directory: the packages from their tarballs, Node 24 and npm, and nothing of this repository. */
import { type ExecFileException, execFile } from 'node:child_process';
import { cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** How a command ended, with both outputs as they came. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A directory of somebody's. */
export interface Consumer extends AsyncDisposable {
  readonly path: string;
  /** Runs a command with the directory as its own. */
  run(command: string, ...args: string[]): Promise<Ended>;
  write(file: string, content: string): Promise<void>;
  read(file: string): Promise<string>;
}

/** Makes an empty directory. `env` is added to what the command gets. */
export async function createConsumer(env: Readonly<Record<string, string>> = {}): Promise<Consumer> {
  const path = await mkdtemp(join(tmpdir(), 'shaketable-packed-'));
  return {
    path,
    run: (command, ...args) => run(path, command, args, env),
    async write(file, content) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), content);
    },
    read: (file) => readFile(join(path, file), 'utf8'),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Installs packages, from a registry or from tarballs. */
export async function install(consumer: Consumer, ...packages: readonly string[]): Promise<void> {
  const { code, output } = await consumer.run('npm', 'install', '--no-audit', '--no-fund', ...packages);
  if (code !== 0) throw new Error(output);
}

/** A Node from before `node:` imports, as npm has it. */
export async function installOldNode(): Promise<
  { readonly node: string; readonly version: string } & AsyncDisposable
> {
  const version = '12.22.12';
  const name = `node-${process.platform}-${process.arch}`;
  const consumer = await createConsumer();
  await install(consumer, `${name}@${version}`);
  return { node: join(consumer.path, 'node_modules', name, 'bin/node'), version, ...disposal(consumer) };
}

function disposal(consumer: Consumer): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose]() };
}

/** How many packages are below `node_modules`, and how large they are on the disk. */
export async function measureInstalled({ path }: Consumer): Promise<{ packages: number; megabytes: number }> {
  const lock = JSON.parse(await readFile(join(path, 'node_modules/.package-lock.json'), 'utf8'));
  const packages = Object.keys(lock.packages).length;
  const bytes = await sizeOf(join(path, 'node_modules'));
  return { packages, megabytes: Math.round(bytes / 100_000) / 10 };
}

async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    const { blocks } = await lstat(join(entry.parentPath, entry.name));
    return blocks * 512;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  return new Promise((done) => {
    execFile(command, args, { cwd, env: { ...foreignEnvironment(), ...env } }, (error, stdout, stderr) => {
      done({ code: exitCode(error), output: `${stdout}${stderr}` });
    });
  });
}

function exitCode(error: ExecFileException | null): number {
  if (error === null) return 0;
  return typeof error.code === 'number' ? error.code : 1;
}

/** What npm, Vitest and this repository put into the environment is left out; Node 24 comes first. */
function foreignEnvironment(): Record<string, string> {
  const ours = /^(npm_|vitest|shaketable_|node_(?!extra_ca)|init_cwd|test$|dev$|mode$|prod$|ssr$|base_url$)/i;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name)) as [string, string][];
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
  return {
    ...Object.fromEntries(kept),
    PATH: [dirname(process.execPath), ...path].join(delimiter),
    CI: 'true',
    NO_COLOR: '1',
  };
}

/** Copies a file of the repository. */
export async function copyIn(consumer: Consumer, file: string, to: string): Promise<void> {
  await cp(join(root, file), join(consumer.path, to));
}
