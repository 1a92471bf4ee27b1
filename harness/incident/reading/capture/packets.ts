/**
 * The packets of a capture: pcap (draft-ietf-opsawg-pcap) in either byte order with micro- or nanoseconds, and pcapng
 * (draft-ietf-opsawg-pcapng) with any number of sections and interfaces. What is damaged ends the reading with a word.
 */
import { ByteReader } from './byte-reader.ts';

/** A packet as it was captured. */
export interface Packet {
  /** Its number, from 1. */
  readonly number: number;
  /** Epoch ms; missing in blocks that tell no time. */
  readonly t?: number;
  /** The interface’s link type (LINKTYPE_…). */
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** How long it was on the wire. */
  readonly length: number;
}

/** What a capture says of itself once it was read. */
export interface CaptureEnd {
  /** Why the reading ended before the end of the file; missing where it did not. */
  broken?: string;
}

/** No interface has longer packets; what says so is damaged. */
const longestPacket = 1024 * 1024;
const longestBlock = 16 * 1024 * 1024;

/** Whether these are the first bytes of a capture. */
export function captureFormatOf(head: Uint8Array): 'pcap' | 'pcapng' | undefined {
  if (head.length < 8) return undefined;
  const magic = viewOf(head).getUint32(0);
  if (magic === 0x0a0d0d0a) return 'pcapng';
  return orders.some(({ magic: known }) => known === magic) ? 'pcap' : undefined;
}

const orders = [
  { magic: 0xa1b2c3d4, little: false, perSecond: 1e6 },
  { magic: 0xd4c3b2a1, little: true, perSecond: 1e6 },
  { magic: 0xa1b23c4d, little: false, perSecond: 1e9 },
  { magic: 0x4d3cb2a1, little: true, perSecond: 1e9 },
] as const;

/** The packets of a stream, in their order. `end` learns why it stopped early. */
export async function* packetsOf(
  stream: AsyncIterable<Uint8Array>,
  format: 'pcap' | 'pcapng',
  end: CaptureEnd,
): AsyncGenerator<Packet> {
  const reader = new ByteReader(stream);
  try {
    if (format === 'pcap') yield* readPcap(reader, end);
    else yield* readPcapng(reader, end);
  } finally {
    await reader.close();
  }
}

async function* readPcap(reader: ByteReader, end: CaptureEnd): AsyncGenerator<Packet> {
  const header = await reader.read(24);
  const order =
    header.length === 24 ? orders.find(({ magic }) => magic === viewOf(header).getUint32(0)) : undefined;
  if (order === undefined) {
    end.broken = 'its header is cut off';
    return;
  }
  const { little, perSecond } = order;
  const linkType = viewOf(header).getUint32(20, little) & 0x0fff_ffff;
  for (let number = 1; ; number += 1) {
    const record = await reader.read(16);
    if (record.length === 0) return;
    const view = viewOf(record);
    const captured = record.length < 16 ? Number.NaN : view.getUint32(8, little);
    if (!(captured <= longestPacket)) {
      end.broken = `packet ${number} is ${record.length < 16 ? 'cut off' : 'damaged'}`;
      return;
    }
    const bytes = await reader.read(captured);
    if (bytes.length < captured) {
      end.broken = `packet ${number} is cut off`;
      return;
    }
    const t = view.getUint32(0, little) * 1_000 + (view.getUint32(4, little) / perSecond) * 1_000;
    yield { number, t, linkType, bytes, length: Math.max(view.getUint32(12, little), captured) };
  }
}

/** An interface of a section. */
interface Interface {
  readonly linkType: number;
  readonly perSecond: number;
  readonly offsetMs: number;
}

async function* readPcapng(reader: ByteReader, end: CaptureEnd): AsyncGenerator<Packet> {
  let little = true;
  let interfaces: Interface[] = [];
  let number = 0;
  for (let block = 1; ; block += 1) {
    const head = await reader.read(8);
    if (head.length === 0) return;
    if (head.length < 8) {
      end.broken = `block ${block} is cut off`;
      return;
    }
    const isSection = viewOf(head).getUint32(0) === 0x0a0d0d0a;
    if (isSection) {
      const magic = await reader.read(4);
      little = magic.length === 4 && viewOf(magic).getUint32(0, true) === 0x1a2b3c4d;
      if (magic.length < 4 || (!little && viewOf(magic).getUint32(0) !== 0x1a2b3c4d)) {
        end.broken = `section ${block} names no byte order`;
        return;
      }
      interfaces = [];
    }
    const type = viewOf(head).getUint32(0, little);
    const length = viewOf(head).getUint32(4, little);
    if (length < 12 || length % 4 !== 0 || length > longestBlock) {
      end.broken = `block ${block} says that it is ${length} bytes long`;
      return;
    }
    const left = length - 8 - (isSection ? 4 : 0);
    if (isSection || !blockTypes.has(type)) {
      await reader.skip(left);
      continue;
    }
    const body = await reader.read(left);
    if (body.length < left) {
      end.broken = `block ${block} is cut off`;
      return;
    }
    if (type === 1) {
      if (interfaces.length < 4_096) interfaces.push(interfaceOf(body, little));
      continue;
    }
    number += 1;
    const packet = packetIn(type, body, little, interfaces, number);
    if (packet !== undefined) yield packet;
    else end.broken ??= `block ${block} has a packet that is longer than the block, or of no interface`;
  }
}

/** Interface description, obsolete packet, simple packet, enhanced packet. */
const blockTypes: ReadonlySet<number> = new Set([1, 2, 3, 6]);

function interfaceOf(body: Uint8Array, little: boolean): Interface {
  const view = viewOf(body);
  let perSecond = 1e6;
  let offsetMs = 0;
  for (let at = 8; at + 4 <= body.length - 4; ) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === 0 || at + 4 + length > body.length - 4) break;
    const value = view.getUint8(at + 4);
    if (code === 9 && length >= 1)
      perSecond = value & 0x80 ? 2 ** Math.min(value & 0x7f, 63) : 10 ** Math.min(value, 18);
    if (code === 14 && length >= 8) offsetMs = Number(view.getBigInt64(at + 4, little)) * 1_000;
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return { linkType: view.getUint16(0, little), perSecond, offsetMs };
}

function packetIn(
  type: number,
  body: Uint8Array,
  little: boolean,
  interfaces: readonly Interface[],
  number: number,
): Packet | undefined {
  const view = viewOf(body);
  if (type === 3) {
    const [first] = interfaces;
    const length = body.length < 8 ? 0 : view.getUint32(0, little);
    if (first === undefined || length === 0) return undefined;
    return {
      number,
      linkType: first.linkType,
      bytes: body.subarray(4, 4 + Math.min(length, body.length - 8)),
      length,
    };
  }
  if (body.length < 24) return undefined;
  const at = interfaces[type === 6 ? view.getUint32(0, little) : view.getUint16(0, little)];
  const captured = view.getUint32(12, little);
  if (at === undefined || captured > body.length - 24) return undefined;
  const ticks = view.getUint32(4, little) * 2 ** 32 + view.getUint32(8, little);
  return {
    number,
    t: (ticks / at.perSecond) * 1_000 + at.offsetMs,
    linkType: at.linkType,
    bytes: body.subarray(20, 20 + captured),
    length: Math.max(view.getUint32(16, little), captured),
  };
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
