/**
 * What leaves the proxy's sockets, seen on the wire: RST is a RST, FIN is a FIN, and silence is nothing at all. A socket's
 * own view cannot prove that, since a library may turn one into the other.
 */
import type net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { captureObstacle, type Packet, PacketCapture } from './packet-capture.ts';
import { Client, Rig } from './rig.ts';

const obstacle = captureObstacle();
if (obstacle) console.log(`skipped: captures of packets: ${obstacle}`);

/** Longer than anything here takes that is not meant to be silent. */
const silenceMs = 300;

/** A proxy between a client and a server, with the wire under watch. */
class Wire implements AsyncDisposable {
  readonly client: Client;
  readonly server: Promise<net.Socket>;
  readonly #ports: { readonly proxy: number; readonly server: number };
  readonly #capture: PacketCapture;
  readonly #resources: AsyncDisposableStack;

  /** With these toxics from the first byte; the client is connecting. */
  static async through(...toxics: object[]): Promise<Wire> {
    await using resources = new AsyncDisposableStack();
    const accepted = Promise.withResolvers<net.Socket>();
    const rig = resources.use(await Rig.start());
    const server = await rig.serve((socket) => accepted.resolve(socket));
    const proxy = await rig.proxy(server, toxics);
    const capture = resources.use(await PacketCapture.start(proxy, server));
    return new Wire({ proxy, server }, accepted.promise, capture, resources.move());
  }

  private constructor(
    ports: { readonly proxy: number; readonly server: number },
    server: Promise<net.Socket>,
    capture: PacketCapture,
    resources: AsyncDisposableStack,
  ) {
    this.#ports = ports;
    this.server = server;
    this.#capture = capture;
    this.#resources = resources;
    this.client = new Client(ports.proxy);
    this.client.connected.catch(() => {});
    resources.defer(() => this.client.destroy());
  }

  /** What the proxy sent since the last call, to the client and to the server. */
  async sent(): Promise<{ toClient: Packet[]; toServer: Packet[] }> {
    const packets = await this.#capture.packets();
    return {
      toClient: packets.filter(({ from }) => from === this.#ports.proxy),
      toServer: packets.filter(({ to }) => to === this.#ports.server),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

const flagged = (packets: readonly Packet[], flag: Packet['flags'][number]): Packet[] =>
  packets.filter(({ flags }) => flags.includes(flag));
/** FIN, RST or data: what a peer would notice. */
const noticeable = (packets: readonly Packet[]): Packet[] =>
  packets.filter(({ flags, bytes }) => bytes > 0 || flags.includes('FIN') || flags.includes('RST'));
const sizes = (packets: readonly Packet[]): number[] =>
  packets.map(({ bytes }) => bytes).filter((bytes) => bytes > 0);

describe.skipIf(obstacle)('on the wire', () => {
  it('reset_peer is a RST to both ends, and no FIN', async () => {
    await using wire = await Wire.through({ type: 'reset_peer', stream: 'upstream' });
    await wire.server;
    wire.client.write('x');
    await wire.client.ending;

    const { toClient, toServer } = await wire.sent();
    expect(flagged(toClient, 'RST').length).toBeGreaterThan(0);
    expect(flagged(toServer, 'RST').length).toBeGreaterThan(0);
    expect(flagged([...toClient, ...toServer], 'FIN')).toEqual([]);
    expect(sizes(toServer)).toEqual([]);
  });

  it('reset_idle resets a connection on which nothing moves', async () => {
    await using wire = await Wire.through({ type: 'reset_idle', attributes: { after: 50 } });
    await wire.client.ending;

    const { toClient, toServer } = await wire.sent();
    expect(noticeable(toClient)).toMatchObject([{ flags: expect.arrayContaining(['RST']), bytes: 0 }]);
    expect(noticeable(toServer)).toMatchObject([{ flags: expect.arrayContaining(['RST']), bytes: 0 }]);
  });

  it('limit_data is exactly so many bytes, then a FIN to both ends, and no RST', async () => {
    await using wire = await Wire.through({
      type: 'limit_data',
      stream: 'upstream',
      attributes: { bytes: 3 },
    });
    wire.client.write('abcdef');
    const server = await wire.server;
    server.resume().once('end', () => server.end());
    expect((await wire.client.ending).how).toBe('end');
    wire.client.socket.end();
    await wait(silenceMs);

    const { toClient, toServer } = await wire.sent();
    expect(sizes(toServer)).toEqual([3]);
    expect(flagged(toServer, 'FIN')).toHaveLength(1);
    expect(flagged(toClient, 'FIN')).toHaveLength(1);
    expect(flagged([...toClient, ...toServer], 'RST')).toEqual([]);
  });

  it('a FIN that is handed on is a FIN, and leaves the other direction open', async () => {
    await using wire = await Wire.through();
    const server = await wire.server;
    wire.client.socket.end('question');
    server.resume();
    await new Promise((resolve) => server.once('end', resolve));
    const half = await wire.sent();
    expect(flagged(half.toServer, 'FIN')).toHaveLength(1);
    expect(noticeable(half.toClient)).toEqual([]);

    server.end('answer');
    await wire.client.ending;
    const rest = await wire.sent();
    expect(sizes(rest.toClient)).toEqual([6]);
    expect(flagged(rest.toClient, 'FIN')).toHaveLength(1);
    expect(flagged(rest.toClient, 'RST')).toEqual([]);
  });

  it('a RST that is handed on is a RST', async () => {
    await using wire = await Wire.through();
    wire.client.write('reset me');
    const server = await wire.server;
    server.once('data', () => server.resetAndDestroy());
    await wire.client.ending;

    const { toClient } = await wire.sent();
    expect(noticeable(toClient)).toMatchObject([{ flags: expect.arrayContaining(['RST']) }]);
  });

  it('a RST that comes as soon as the server accepted is one, too', async () => {
    await using wire = await Wire.through();
    (await wire.server).resetAndDestroy();
    await wire.client.ending;

    const { toClient } = await wire.sent();
    expect(noticeable(toClient)).toMatchObject([{ flags: expect.arrayContaining(['RST']) }]);
  });

  it('blackhole swallows data, FIN and RST: nothing reaches the server', async () => {
    await using wire = await Wire.through({ type: 'blackhole', stream: 'upstream' });
    await wire.server;
    wire.client.write('into the void');
    wire.client.socket.end();
    await wait(silenceMs);

    const { toClient, toServer } = await wire.sent();
    expect(noticeable(toServer)).toEqual([]);
    expect(noticeable(toClient)).toEqual([]);
    expect(flagged(toClient, 'ACK').length).toBeGreaterThan(1);
  });

  it('stall closes the window of the sender and says nothing else', async () => {
    await using wire = await Wire.through({ type: 'stall', stream: 'upstream' });
    await wire.server;
    wire.client.write(Buffer.alloc(16 * 1024 * 1024));
    await wait(silenceMs);

    const { toClient, toServer } = await wire.sent();
    expect(noticeable(toServer)).toEqual([]);
    expect(noticeable(toClient)).toEqual([]);
    expect(toClient.at(-1)?.window).toBe(0);
  });

  it('forgetting in silence sends nothing, and answers nothing', async () => {
    const attributes = { after: 50, action: 'forget', forget_answer: 'silence' };
    await using wire = await Wire.through({ type: 'reset_idle', attributes });
    const server = await wire.server;
    await wait(silenceMs);
    wire.client.write('anybody?');
    server.write('anybody?');
    await wait(silenceMs);

    const { toClient, toServer } = await wire.sent();
    expect(noticeable(toServer)).toEqual([]);
    expect(noticeable(toClient)).toEqual([]);
  });

  it('forgetting with RST answers the next write with a RST, to its sender alone', async () => {
    const attributes = { after: 50, action: 'forget', forget_answer: 'reset' };
    await using wire = await Wire.through({ type: 'reset_idle', attributes });
    await wire.server;
    await wait(silenceMs);
    const before = await wire.sent();
    expect(noticeable([...before.toClient, ...before.toServer])).toEqual([]);

    wire.client.write('anybody?');
    expect((await wire.client.ending).how).toBe('ECONNRESET');

    const { toClient, toServer } = await wire.sent();
    expect(noticeable(toClient)).toMatchObject([{ flags: expect.arrayContaining(['RST']) }]);
    expect(noticeable(toServer)).toEqual([]);
  });

  it('silence_accept is a handshake of TCP and nothing after it', async () => {
    await using wire = await Wire.through({ type: 'silence_accept' });
    wire.client.write('hello?');
    await wait(silenceMs);

    const { toClient, toServer } = await wire.sent();
    expect(flagged(toClient, 'SYN')).toHaveLength(1);
    expect(noticeable(toClient)).toEqual([]);
    expect(toServer).toEqual([]);
  });

  it('refuse_connection is a RST right after the handshake of TCP', async () => {
    await using wire = await Wire.through({ type: 'refuse_connection' });
    await wire.client.ending;

    const { toClient, toServer } = await wire.sent();
    expect(noticeable(toClient)).toMatchObject([{ flags: expect.arrayContaining(['RST']), bytes: 0 }]);
    expect(toServer).toEqual([]);
  });

  it('slicer is a packet for each piece', async () => {
    const attributes = { average_size: 10, delay: 5_000 };
    await using wire = await Wire.through({ type: 'slicer', stream: 'upstream', attributes });
    const server = await wire.server;
    wire.client.write('x'.repeat(40));
    let received = 0;
    server.on('data', (bytes) => {
      received += bytes.length;
    });
    await expect.poll(() => received).toBe(40);

    const { toServer } = await wire.sent();
    expect(sizes(toServer)).toEqual([10, 10, 10, 10]);
  });
});
