/** A NATS server with JetStream for tests: that of PATH, else built once with Go at a pinned version and kept in the project's cache. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from '../../harness/databases/cache-directory.ts';
import { findProgram, isProgram } from '../../harness/databases/programs.ts';
import { freePort } from '../../harness/free-port.ts';
import { until } from './until.ts';

const natsVersion = '2.14.8';
const buildMs = 10 * 60_000;

/** Where the program is, or why there is none. */
type NatsProgram = { readonly path: string } | { readonly reason: string };

/** Finds the server, or builds it, which is announced. */
export async function findNatsServer(announce: (line: string) => void): Promise<NatsProgram> {
  const installed = findProgram('nats-server', process.env);
  if (installed !== undefined) return { path: installed };
  const directory = join(dirname(cacheDirectory()), 'nats-server', natsVersion);
  const path = join(directory, 'nats-server');
  if (isProgram(path)) return { path };
  const go = findProgram('go', process.env);
  if (go === undefined) return { reason: 'there is no nats-server, and no Go that would build it' };

  announce(`Building nats-server ${natsVersion} with Go, once`);
  await mkdir(directory, { recursive: true });
  const workshop = await mkdtemp(join(directory, 'build-'));
  try {
    const env = { ...process.env, GOBIN: workshop, GOFLAGS: '' };
    const source = `github.com/nats-io/nats-server/v2@v${natsVersion}`;
    await promisify(execFile)(go, ['install', source], { env, timeout: buildMs });
    await rename(join(workshop, 'nats-server'), path);
    return { path };
  } catch (error) {
    return { reason: `nats-server could not be built: ${(error as Error).message}` };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

/** A server that runs; disposal removes what it stored. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same port and the same store. */
  start(): Promise<void>;
}

/** Starts a server on a free port of `host`. `more` are further flags; without `streams` it
 * keeps none. */
export async function startNatsServer(
  path: string,
  more: readonly string[] = [],
  host = '127.0.0.1',
  streams: readonly string[] = ['-js'],
): Promise<NatsServer> {
  const port = await freePort();
  const store = await mkdtemp(join(tmpdir(), 'nats-store-'));
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const args = ['-a', host, '-p', String(port), ...streams, '-sd', store, ...more];
    const begun = spawn(path, args, { stdio: 'ignore' });
    child = begun;
    await until(() => accepts(port, host), 'the NATS server accepts connections');
  };
  const kill = async (): Promise<void> => {
    const ended = child;
    child = undefined;
    if (ended?.exitCode !== null || ended.signalCode !== null) return;
    ended.kill('SIGKILL');
    await once(ended, 'exit');
  };
  await start();
  return {
    url: `nats://${host}:${port}`,
    port,
    kill,
    start,
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(store, { recursive: true, force: true });
    },
  };
}

function accepts(port: number, host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, host);
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
