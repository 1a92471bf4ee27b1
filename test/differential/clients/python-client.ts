/** `toxiproxy-python` from PyPI, in a virtual environment in the project's cache. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheDirectory } from '../../../harness/databases/cache-directory.ts';
import { findProgram, isProgram } from '../../../harness/databases/programs.ts';
import type { Driver } from './driver.ts';

const clientBytes = 'toxiproxy-python==0.1.1';
const installMs = 5 * 60_000;
const drive = fileURLToPath(new URL('drive.py', import.meta.url));
const run = promisify(execFile);

/** The Python that has the client, or why there is none; made once, which is announced. */
export async function findPythonClient(
  announce: (line: string) => void,
): Promise<{ readonly path: string } | { readonly reason: string }> {
  const parent = join(dirname(cacheDirectory()), 'toxiproxy');
  const directory = join(parent, clientBytes);
  const path = join(directory, 'bin', 'python3');
  if (isProgram(path)) return { path };
  const python = findProgram('python3', process.env);
  if (python === undefined) return { reason: 'Python was not found' };

  announce(`Installing ${clientBytes}, once`);
  await mkdir(parent, { recursive: true });
  const workshop = await mkdtemp(join(parent, 'build-'));
  try {
    await run(python, ['-m', 'venv', workshop], { timeout: installMs });
    const install = ['-m', 'pip', 'install', '--quiet', clientBytes];
    await run(join(workshop, 'bin', 'python3'), install, { timeout: installMs });
    await rename(workshop, directory);
    return { path };
  } catch (error) {
    return { reason: `${clientBytes} could not be installed: ${(error as Error).message}` };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

/** Starts a Python process that drives the server at `url`. */
export function pythonClient(python: string, url: string): Driver {
  const { hostname, port } = new URL(url);
  const child = spawn(python, [drive, hostname, port], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();

  async function ask(...operation: unknown[]): Promise<unknown> {
    child.stdin.write(`${JSON.stringify(operation)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('The Python client ended');
    const { result, error } = JSON.parse(value) as { result?: unknown; error?: string };
    if (error !== undefined) throw new Error(error);
    return result;
  }

  return {
    conflict: /ProxyExists/,
    async create(proxy) {
      await ask('create', proxy);
    },
    async remove(proxy) {
      await ask('remove', proxy);
    },
    async enable(proxy, enabled) {
      await ask(enabled ? 'enable' : 'disable', proxy);
    },
    async addToxic(proxy, toxic) {
      await ask('add_toxic', proxy, toxic);
    },
    async removeToxic(proxy, toxic) {
      await ask('remove_toxic', proxy, toxic);
    },
    list: async () => (await ask('list')) as string[],
    async populate(proxies) {
      await ask('populate', proxies);
    },
    async reset() {
      await ask('reset');
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
