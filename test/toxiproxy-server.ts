/**
 * The real Toxiproxy server, built once with Go at a pinned version and kept in the project's cache: what the proxy is
 * compared with, in behaviour and in speed.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from '../harness/worlds/database/cache-directory.ts';
import { findProgram, isProgram } from '../harness/worlds/database/programs.ts';

export const TOXIPROXY_VERSION = '2.12.0';
const SOURCE = `github.com/Shopify/toxiproxy/v2/cmd/server@v${TOXIPROXY_VERSION}`;
const BUILD_MS = 10 * 60_000;

/** Where the built server is, or why there is none. */
export type ToxiproxyServer = { readonly path: string } | { readonly reason: string };

/** Finds the server in the cache or builds it there, which is announced. */
export async function findToxiproxyServer(announce: (line: string) => void): Promise<ToxiproxyServer> {
  const directory = join(dirname(cacheDirectory()), 'toxiproxy', TOXIPROXY_VERSION);
  const path = join(directory, 'toxiproxy-server');
  if (isProgram(path)) return { path };
  const go = findProgram('go', process.env);
  if (go === undefined) return { reason: 'Go, which builds the real Toxiproxy, was not found' };

  announce(`Building Toxiproxy ${TOXIPROXY_VERSION} with Go, once`);
  await mkdir(directory, { recursive: true });
  const workshop = await mkdtemp(join(directory, 'build-'));
  try {
    const env = { ...process.env, GOBIN: workshop, GOFLAGS: '' };
    await promisify(execFile)(go, ['install', SOURCE], { env, timeout: BUILD_MS });
    await rename(join(workshop, 'server'), path);
    return { path };
  } catch (error) {
    return { reason: `Toxiproxy ${TOXIPROXY_VERSION} could not be built: ${(error as Error).message}` };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}
