/**
 * From a captured packet to its TCP segment: Ethernet with VLAN tags, loopback, Linux cooked v1 and v2, raw IP; IPv4 and IPv6 with
 * extension headers. What is cut off behind the headers counts by its length.
 */
import type { Packet } from './packets.ts';

/** A TCP segment. */
export interface Segment {
  readonly source: string;
  readonly destination: string;
  readonly seq: number;
  readonly ack: number;
  readonly syn: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
  readonly hasAck: boolean;
  /** What was captured of the payload. */
  readonly payload: Uint8Array;
  /** How long the payload was on the wire. */
  readonly length: number;
}

/** Where IP begins, by link type; undefined for other protocols and for what is too short. */
function ipStart({ linkType, bytes }: Packet): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isIp = (type: number): boolean => type === 0x0800 || type === 0x86dd;
  switch (linkType) {
    case 1: {
      let at = 12;
      for (let tags = 0; tags < 3 && bytes.length >= at + 2; tags += 1) {
        const type = view.getUint16(at);
        if (isIp(type)) return at + 2;
        if (type !== 0x8100 && type !== 0x88a8 && type !== 0x9100) return undefined;
        at += 4;
      }
      return undefined;
    }
    case 0:
    case 108:
      return bytes.length > 4 ? 4 : undefined;
    case 113:
      return bytes.length > 16 && isIp(view.getUint16(14)) ? 16 : undefined;
    case 276:
      return bytes.length > 20 && isIp(view.getUint16(0)) ? 20 : undefined;
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return 0;
    default:
      return undefined;
  }
}

/** Link types that are read, for whoever asks why another is not. */
export const knownLinkTypes: ReadonlySet<number> = new Set([0, 1, 12, 14, 101, 108, 113, 228, 229, 276]);

/** The TCP segment of a packet; undefined for anything else, and for one that is cut off within its headers. */
export function segmentOf(packet: Packet): Segment | undefined {
  const start = ipStart(packet);
  if (start === undefined || packet.bytes.length <= start) return undefined;
  const ip = packet.bytes.subarray(start);
  const onWire = packet.length - start;
  const version = (ip[0] ?? 0) >> 4;
  if (version === 4) return fromIpv4(ip, onWire);
  return version === 6 ? fromIpv6(ip, onWire) : undefined;
}

function fromIpv4(ip: Uint8Array, onWire: number): Segment | undefined {
  if (ip.length < 20) return undefined;
  const view = new DataView(ip.buffer, ip.byteOffset, ip.byteLength);
  const header = ((ip[0] ?? 0) & 0x0f) * 4;
  const isFirst = (view.getUint16(6) & 0x1fff) === 0;
  if (header < 20 || ip[9] !== 6 || !isFirst) return undefined;
  // A length of 0 is what the network card was to fill in.
  const total = view.getUint16(2) || onWire;
  const addresses = [ip.subarray(12, 16), ip.subarray(16, 20)].map((address) => address.join('.'));
  return fromTcp(ip.subarray(header), Math.min(total, Math.max(onWire, ip.length)) - header, addresses);
}

function fromIpv6(ip: Uint8Array, onWire: number): Segment | undefined {
  if (ip.length < 40) return undefined;
  const view = new DataView(ip.buffer, ip.byteOffset, ip.byteLength);
  const addresses = [8, 24].map((at) =>
    Array.from({ length: 8 }, (_, index) => view.getUint16(at + 2 * index).toString(16)).join(':'),
  );
  const total = 40 + (view.getUint16(4) || onWire - 40);
  let next = ip[6] ?? 59;
  let at = 40;
  for (let headers = 0; headers < 8 && next !== 6; headers += 1) {
    if (![0, 43, 44, 60].includes(next) || ip.length < at + 8) return undefined;
    if (next === 44 && (view.getUint16(at + 2) & 0xfff8) !== 0) return undefined;
    const length = next === 44 ? 8 : 8 + (ip[at + 1] ?? 0) * 8;
    next = ip[at] ?? 59;
    at += length;
  }
  return next === 6 ? fromTcp(ip.subarray(at), total - at, addresses) : undefined;
}

function fromTcp(
  tcp: Uint8Array,
  onWire: number,
  [source = '', destination = '']: readonly string[],
): Segment | undefined {
  if (tcp.length < 20) return undefined;
  const view = new DataView(tcp.buffer, tcp.byteOffset, tcp.byteLength);
  const header = (view.getUint8(12) >> 4) * 4;
  if (header < 20 || header > onWire) return undefined;
  const flags = view.getUint8(13);
  const length = onWire - header;
  return {
    source: `${source} ${view.getUint16(0)}`,
    destination: `${destination} ${view.getUint16(2)}`,
    seq: view.getUint32(4),
    ack: view.getUint32(8),
    fin: (flags & 1) !== 0,
    syn: (flags & 2) !== 0,
    rst: (flags & 4) !== 0,
    hasAck: (flags & 16) !== 0,
    payload: tcp.subarray(header, header + length),
    length,
  };
}
