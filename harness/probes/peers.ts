/**
 * With whom a process talks at a moment: its TCP sockets with both ends, as Linux's `/proc` has them (proc_pid_net(5)); where there is none,
 * nothing is seen. What is opened and closed between two looks is not seen either.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** An end of a connection. */
export interface Endpoint {
  /** IPv4 as such, also where it is mapped into IPv6. */
  readonly address: string;
  readonly port: number;
}

/** A TCP socket of a process. */
export interface TcpSocket {
  readonly local: Endpoint;
  /** Missing where it waits for connections. */
  readonly remote?: Endpoint;
}

const listening = '0A';

/** The TCP sockets of a process; none of one that is gone, or belongs to somebody else. */
export async function tcpSocketsOf(pid: number): Promise<readonly TcpSocket[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  const own = new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
  if (own.size === 0) return [];
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'latin1').catch(() => '')),
  );
  return tables.flatMap((text) => parseSocketTable(text, own));
}

/** The sockets of a table of the kernel's that have one of these inodes. */
export function parseSocketTable(text: string, inodes: ReadonlySet<string>): TcpSocket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line): TcpSocket[] => {
      const [, local = '', remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
      if (!inodes.has(inode)) return [];
      const ends = { local: endpointOf(local) };
      return [state === listening ? ends : { ...ends, remote: endpointOf(remote) }];
    });
}

/** `0100007F:1F90`: words of 32 bits in the order of the machine, of which all that Node runs on have the lowest byte first. */
function endpointOf(text: string): Endpoint {
  const [words = '', port = '0'] = text.split(':');
  const bytes = Buffer.from(words, 'hex');
  bytes.swap32();
  const isMapped = bytes.length === 16 && bytes.readUIntBE(0, 6) === 0 && bytes.readUIntBE(6, 6) === 0xffff;
  const address = bytes.length === 4 || isMapped ? bytes.subarray(-4).join('.') : ipv6(bytes);
  return { address, port: Number.parseInt(port, 16) };
}

/** In the shortest form (RFC 5952). */
function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: bytes.length / 2 }, (_, index) =>
    bytes.readUInt16BE(index * 2).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** Whether an address leads to this machine alone. */
export const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || address.startsWith('127.');
