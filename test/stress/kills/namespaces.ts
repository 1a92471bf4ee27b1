/**
 * A network namespace for each worker, with an address and a wall clock of its own, and a server on the bridge between them: as near to
 * machines as one machine comes. The server wants TLS and a token, since its address is no loopback. Takes root, `ip` and libfaketime.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../harness/databases/programs.ts';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { systemClock } from '../../../proxy/core/clock.ts';

export interface Namespaces extends AsyncDisposable {
  readonly serverHost: string;
  readonly serverFlags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What goes before the command of a worker. */
  wrap(index: number): readonly string[];
  /** Cuts a worker off from the server for so long. */
  cut(index: number, ms: number): Promise<void>;
}

/** How far the clocks of workers are off, in seconds. */
const offsets = ['+0', '+0.25', '-0.4', '+90'] as const;

/** Preloaded instead of the command, which would stand between the worker and who kills it. */
const fakeTime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

/** Why there are none here; undefined where there are. */
export function noNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return 'namespaces take root';
  if (findProgram('ip', process.env) === undefined) return 'there is no ip';
  return existsSync(fakeTime) ? undefined : `there is no ${fakeTime}`;
}

export async function openNamespaces(count: number): Promise<Namespaces> {
  await using undone = new AsyncDisposableStack();
  const name = `stk${process.pid}`;
  const net = `10.${64 + (process.pid % 64)}.${Math.floor(process.pid / 64) % 256}`;
  const ip = (command: string): void => void execFileSync('ip', command.split(' '));
  const undo = (command: string): void =>
    void undone.defer(() => void execFileSync('ip', command.split(' '), { stdio: 'ignore' }));
  ip(`link add ${name} type bridge`);
  undo(`link del ${name}`);
  ip(`addr add ${net}.1/24 dev ${name}`);
  ip(`link set ${name} up`);
  for (let index = 0; index < count; index += 1) {
    const own = `${name}-${index}`;
    ip(`netns add ${own}`);
    undo(`netns del ${own}`);
    ip(`link add ${name}v${index} type veth peer name eth0 netns ${own}`);
    ip(`link set ${name}v${index} master ${name} up`);
    ip(`-n ${own} addr add ${net}.${10 + index}/24 dev eth0`);
    ip(`-n ${own} link set eth0 up`);
    ip(`-n ${own} link set lo up`);
  }
  const directory = await mkdtemp(join(tmpdir(), 'kills-tls-'));
  undone.defer(() => rm(directory, { recursive: true, force: true }));
  const files = await writeCertificates(directory, `${net}.1`);
  const token = randomBytes(16).toString('hex');
  const all = undone.move();
  return {
    serverHost: `${net}.1`,
    serverFlags: ['--tls', '--tlscert', files.cert, '--tlskey', files.key, '--auth', token],
    env: { SHAKETABLE_NATS_CA: files.authority, SHAKETABLE_NATS_TOKEN: token },
    wrap: (index) => [
      ...['ip', 'netns', 'exec', `${name}-${index}`],
      ...['env', `LD_PRELOAD=${fakeTime}`, 'FAKETIME_DONT_FAKE_MONOTONIC=1'],
      `FAKETIME=${offsets[index % offsets.length]}s`,
    ],
    async cut(index, ms) {
      ip(`link set ${name}v${index} down`);
      await systemClock().sleep(ms);
      ip(`link set ${name}v${index} up`);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function writeCertificates(directory: string, address: string) {
  const authority = await createAuthority({ name: 'kills', now: Date.now() });
  const issued = await authority.issue({ hosts: [address] });
  const write = async (name: string, content: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  return {
    authority: await write('authority.pem', authority.certPem),
    cert: await write('server.pem', issued.chainPem),
    key: await write('server.key', issued.keyPem),
  };
}
