/** What really passes on loopback, packet by packet, seen by a socket of its own: no socket of the test can colour it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { freePort } from '../../../harness/free-port.ts';

/** One TCP packet. */
export interface Packet {
  readonly from: number;
  readonly to: number;
  readonly flags: readonly ('SYN' | 'ACK' | 'PSH' | 'FIN' | 'RST')[];
  /** Of data. */
  readonly bytes: number;
  /** As it stands in the header, unscaled. */
  readonly window: number;
}

const program = fileURLToPath(new URL('packet-capture.py', import.meta.url));

/** Why nothing can be captured here; undefined when it can. */
export function captureObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'packets are captured on Linux alone';
  const open = 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)';
  const { error, status, stderr } = spawnSync('python3', ['-c', open], { encoding: 'utf8' });
  if (error) return `python3 cannot be started (${error.message})`;
  return status === 0 ? undefined : `no socket for packets (${stderr.trim().split('\n').at(-1)})`;
}

export class PacketCapture implements AsyncDisposable {
  readonly #packets: Packet[] = [];
  readonly #child: ChildProcess;
  readonly #markerPort: number;

  /** Captures what has one of `ports` as source or destination. */
  static async start(...ports: number[]): Promise<PacketCapture> {
    const markerPort = await freePort();
    const args = [program, ...[...ports, markerPort].map(String)];
    const child = spawn('python3', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface(child.stdout);
    await once(lines, 'line');
    return new PacketCapture(child, lines, markerPort);
  }

  private constructor(child: ChildProcess, lines: NodeJS.EventEmitter, markerPort: number) {
    this.#child = child;
    this.#markerPort = markerPort;
    lines.on('line', (line: string) => this.#packets.push(JSON.parse(line)));
  }

  /** Everything up to now: a connection attempt of its own marks the place. */
  async packets(): Promise<Packet[]> {
    const attempt = net.connect(this.#markerPort, '127.0.0.1');
    await once(attempt, 'error');
    const isMarker = ({ from }: Packet): boolean => from === this.#markerPort;
    await expect.poll(() => this.#packets.some(isMarker), { timeout: 10_000 }).toBe(true);
    const until = this.#packets.findIndex(({ to }) => to === this.#markerPort);
    const taken = this.#packets.splice(0, until);
    this.#packets.length = 0;
    return taken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }
}
