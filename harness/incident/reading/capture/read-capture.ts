/** A capture as a source of an incident. Memory is bounded: so many connections are followed at a time, the oldest is let go of first. */
import { createReadStream } from 'node:fs';
import type { Names } from '../../../names/names.ts';
import type { IncidentEvent } from '../../event.ts';
import { type IncidentSource, mostEvents } from '../source.ts';
import { Flow } from './flow.ts';
import { type CaptureEnd, packetsOf } from './packets.ts';
import { knownLinkTypes, type Segment, segmentOf } from './segments.ts';

const mostFlows = 20_000;

/** Reads a capture to its end, or to where it is damaged. */
export async function readCapture(
  path: string,
  format: 'pcap' | 'pcapng',
  { name, names, signal }: { readonly name: string; readonly names: Names; readonly signal?: AbortSignal },
): Promise<IncidentSource> {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024, ...(signal && { signal }) });
  return readPackets(stream, format, { name, names });
}

/** The same for bytes that come from elsewhere. */
async function readPackets(
  stream: AsyncIterable<Uint8Array>,
  format: 'pcap' | 'pcapng',
  { name, names }: { readonly name: string; readonly names: Names },
): Promise<IncidentSource> {
  const events: IncidentEvent[] = [];
  const flows = new Map<string, Flow>();
  const end: CaptureEnd = {};
  const unknown = new Set<number>();
  let read = 0;
  let segments = 0;
  let untimed = 0;
  let left = 0;
  let dropped = 0;
  let begun = 0;
  for await (const packet of packetsOf(stream, format, end)) {
    read += 1;
    if (packet.t === undefined) untimed += 1;
    if (!knownLinkTypes.has(packet.linkType)) unknown.add(packet.linkType);
    const segment = segmentOf(packet);
    if (segment === undefined) continue;
    segments += 1;
    const flow = flowOf(segment);
    flow.segment(segment, packet.t, packet.number);
  }
  for (const flow of flows.values()) flow.end();

  function flowOf(segment: Segment): Flow {
    const { source, destination, syn, hasAck } = segment;
    const key = source < destination ? `${source} ${destination}` : `${destination} ${source}`;
    const known = flows.get(key);
    const isNew = syn && !hasAck && known?.isOver;
    if (known !== undefined && !isNew) return known;
    if (flows.size >= mostFlows) {
      const [oldest] = flows;
      if (oldest !== undefined) {
        oldest[1].end();
        flows.delete(oldest[0]);
        dropped += 1;
      }
    }
    begun += 1;
    const [client, server] = isFromClient(segment) ? [source, destination] : [destination, source];
    const flow = new Flow(client, server, `connection-${begun}`, ({ told, t, packet, words }) => {
      if (events.length >= mostEvents) left += 1;
      else
        events.push({
          ...told,
          ...(t === undefined ? {} : { t }),
          source: name,
          side: 'wire',
          line: packet,
          quote: names.replace(words),
        });
    });
    flows.delete(key);
    flows.set(key, flow);
    return flow;
  }

  const notes: string[] = [];
  if (end.broken !== undefined) notes.push(`it is read as far as it is whole: ${end.broken}`);
  if (unknown.size > 0) notes.push(`packets of link type ${[...unknown].join(', ')} are not read`);
  if (segments === 0 && read > 0) notes.push('it has no TCP');
  if (untimed > 0) notes.push(`${untimed} packets have no time`);
  if (left > 0) notes.push(`${left} more events came after the first ${mostEvents} and were only counted`);
  if (dropped > 0) notes.push(`more than ${mostFlows} connections at a time: the oldest were let go of`);
  events.sort((a, b) => (a.t ?? 0) - (b.t ?? 0));
  return { name, format, side: 'wire', events, read, timed: read - untimed, untimed, notes };
}

/** Who sent the SYN opened the connection; where none is seen, the one with the higher port did. */
function isFromClient({ source, destination, syn, hasAck }: Segment): boolean {
  if (syn) return !hasAck;
  const [from, to] = [source, destination].map((end) => Number(end.split(' ')[1]));
  return (from ?? 0) > (to ?? 0);
}
