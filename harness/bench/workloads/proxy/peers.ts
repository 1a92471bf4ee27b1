/** The ways that are to be had on this machine, and why others are not. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../../../databases/programs.ts';
import { findToxiproxyServer } from '../../rig/toxiproxy-program.ts';
import { direct, haproxy, shaketable, tapped, toxiproxy, type WayKind, type WayName } from './ways.ts';

export interface Peers {
  readonly ways: readonly WayKind[];
  /** How to get what is missing. */
  readonly missing: ReadonlyMap<WayName, string>;
}

/** `setUp`: the real Toxiproxy may be built, and HAProxy installed, where that is possible. */
export async function findPeers(options: {
  readonly setUp: boolean;
  readonly announce: (line: string) => void;
}): Promise<Peers> {
  const missing = new Map<WayName, string>();
  const ways: WayKind[] = [direct];
  const real = await findToxiproxyServer(options.announce, { build: options.setUp });
  if ('path' in real) ways.push(toxiproxy(real.path));
  else missing.set('toxiproxy', real.reason);
  const balancer = await findHaproxy(options);
  if (balancer === undefined)
    missing.set('haproxy', 'HAProxy was not found; on Debian, `apt-get install haproxy`');
  else ways.push(haproxy(balancer));
  return { ways: [...ways, shaketable, tapped('off'), tapped('on')], missing };
}

/** Debian keeps it in a directory for administrators. */
async function findHaproxy({
  setUp,
  announce,
}: Parameters<typeof findPeers>[0]): Promise<string | undefined> {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  const found = findProgram('haproxy', env);
  const apt = findProgram('apt-get', env);
  if (found !== undefined || !setUp || apt === undefined || process.getuid?.() !== 0) return found;
  announce('Installing HAProxy with apt-get');
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  const run = promisify(execFile);
  // Not fatal: without HAProxy the rest is measured all the same.
  await run(apt, ['install', '-y', '--no-install-recommends', 'haproxy'], options).catch(() => undefined);
  return findProgram('haproxy', env);
}
