/** A pcapng of exchanges over plain HTTP, for tests that need to say what is in it: raw IP (link type 101), one connection each. */

/** What is asked and what comes back. */
export interface WireExchange {
  readonly request: string;
  readonly answer: string;
}

/** The file; exchanges are a second apart. */
export function pcapngOf(exchanges: readonly WireExchange[]): Buffer {
  const packets = exchanges.flatMap(({ request, answer }, index) => {
    const client: Peer = { address: [10, 83, 47, 219], port: 40_000 + index };
    const server: Peer = { address: [10, 83, 47, 1], port: 8_080 };
    const [asked, answered] = [Buffer.from(request), Buffer.from(answer)];
    const none = Buffer.alloc(0);
    return [
      packet(client, server, { seq: 1, ack: 0, flags: 0x02, payload: none }),
      packet(server, client, { seq: 1, ack: 2, flags: 0x12, payload: none }),
      packet(client, server, { seq: 2, ack: 2, flags: 0x18, payload: asked }),
      packet(server, client, { seq: 2, ack: 2 + asked.length, flags: 0x18, payload: answered }),
    ].map((bytes, step) => ({ bytes, micros: BigInt(index * 1_000_000 + step * 1_000) }));
  });
  return Buffer.concat([
    block(0x0a0d0d0a, [u32(0x1a2b3c4d), u16(1), u16(0), Buffer.alloc(8, 0xff)]),
    block(1, [u16(101), u16(0), u32(65_535)]),
    ...packets.map(({ bytes, micros }) =>
      block(6, [
        u32(0),
        u32(Number(micros >> 32n)),
        u32(Number(micros & 0xffff_ffffn)),
        u32(bytes.length),
        u32(bytes.length),
        bytes,
        Buffer.alloc((4 - (bytes.length % 4)) % 4),
      ]),
    ),
  ]);
}

interface Peer {
  readonly address: readonly number[];
  readonly port: number;
}

interface Sent {
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly payload: Buffer;
}

function packet(from: Peer, to: Peer, { seq, ack, flags, payload }: Sent): Buffer {
  const tcp = Buffer.alloc(20);
  tcp.writeUInt16BE(from.port, 0);
  tcp.writeUInt16BE(to.port, 2);
  tcp.writeUInt32BE(seq, 4);
  tcp.writeUInt32BE(ack, 8);
  tcp.writeUInt16BE(0x5000 | flags, 12);
  const ip = Buffer.alloc(20);
  ip[0] = 0x45;
  ip.writeUInt16BE(40 + payload.length, 2);
  ip[8] = 64;
  ip[9] = 6;
  ip.set(from.address, 12);
  ip.set(to.address, 16);
  return Buffer.concat([ip, tcp, payload]);
}

function block(type: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(type), u32(body.length + 12), body, u32(body.length + 12)]);
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u16 = (value: number): Buffer => u32(value).subarray(0, 2);
