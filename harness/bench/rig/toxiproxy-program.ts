/**
 * The real Toxiproxy, built once with Go at a pinned version and kept in the project's cache: the server that the proxy
 * is compared with, in behaviour and in speed, and the command-line client that drives both.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from '../../databases/cache-directory.ts';
import { findProgram, isProgram } from '../../databases/programs.ts';

export const toxiproxyVersion = '2.12.0';
const buildMs = 10 * 60_000;

/** Where the built program is, or why there is none. */
export type ToxiproxyProgram = { readonly path: string } | { readonly reason: string };

export interface FindOptions {
  /** May build it where it is not there yet. @default true */
  readonly build?: boolean;
}

/** Finds the server in the cache or builds it there, which is announced. */
export function findToxiproxyServer(
  announce: (line: string) => void,
  options: FindOptions = {},
): Promise<ToxiproxyProgram> {
  return findToxiproxy('server', announce, options);
}

/** The same for `toxiproxy-cli`. */
export function findToxiproxyCli(announce: (line: string) => void): Promise<ToxiproxyProgram> {
  return findToxiproxy('cli', announce, {});
}

async function findToxiproxy(
  command: 'server' | 'cli',
  announce: (line: string) => void,
  { build = true }: FindOptions,
): Promise<ToxiproxyProgram> {
  const directory = join(dirname(cacheDirectory()), 'toxiproxy', toxiproxyVersion);
  const path = join(directory, `toxiproxy-${command}`);
  if (isProgram(path)) return { path };
  if (!build) return { reason: '--set-up builds it, with Go' };
  const go = findProgram('go', process.env);
  if (go === undefined) return { reason: 'Go, which builds the real Toxiproxy, was not found' };

  announce(`Building toxiproxy-${command} ${toxiproxyVersion} with Go, once`);
  await mkdir(directory, { recursive: true });
  const workshop = await mkdtemp(join(directory, 'build-'));
  try {
    const env = { ...process.env, GOBIN: workshop, GOFLAGS: '' };
    const source = `github.com/Shopify/toxiproxy/v2/cmd/${command}@v${toxiproxyVersion}`;
    await promisify(execFile)(go, ['install', source], { env, timeout: buildMs });
    await rename(join(workshop, command), path);
    return { path };
  } catch (error) {
    return { reason: `toxiproxy-${command} could not be built: ${(error as Error).message}` };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}
