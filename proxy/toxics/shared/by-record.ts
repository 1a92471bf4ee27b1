/**
 * What toxics that work on TLS records share: one direction is taken apart into records, whatever chunks it came in.
 * Once the toxic has no more interest, or what comes is no TLS, everything passes as it is. At most one unfinished
 * record is held, 18 KiB.
 */

import type { Stream } from '../../core/events.ts';
import { pass, passEnd, type Step, send } from '../../core/steps.ts';
import type { Behaviour, StrikeFact } from '../../core/toxic-type.ts';
import { type TlsRecord, TlsRecordReader } from '../../protocols/tls-records.ts';

/** A record with its place: bytes of the direction before it, since the toxic began. */
export interface PlacedRecord extends TlsRecord {
  readonly offset: number;
  /** When it was complete, epoch ms. */
  readonly at: number;
}

/** A strike's `stream` and `offset` for a record. */
export function placeOf(
  stream: Stream,
  { offset }: PlacedRecord,
  { bytesBefore }: { readonly bytesBefore: Readonly<Record<Stream, number>> },
): Pick<StrikeFact, 'stream' | 'offset'> {
  return { stream, offset: bytesBefore[stream] + offset };
}

/** What a toxic does in one direction. */
export interface RecordWork {
  /** Whether it still wants records. */
  watching(): boolean;
  record(record: PlacedRecord): Iterable<Step>;
  now(): number;
}

/** The behaviour that does `work`. */
export function byRecord(work: RecordWork): Required<Pick<Behaviour, 'chunk' | 'end' | 'reset' | 'lifted'>> {
  const reader = new TlsRecordReader();
  let offset = 0;

  function* rest(): Generator<Step> {
    const bytes = reader.takeRest();
    if (bytes.length > 0) yield send(bytes, work.now());
  }
  return {
    *chunk(chunk) {
      if (reader.broken || !work.watching()) {
        yield* rest();
        return yield pass(chunk);
      }
      for (const record of reader.push(chunk.bytes)) {
        const placed = { ...record, offset, at: chunk.at };
        offset += record.bytes.length;
        if (work.watching()) yield* work.record(placed);
        else yield send(record.bytes, chunk.at);
      }
      if (reader.broken || !work.watching()) yield* rest();
    },
    *end() {
      yield* rest();
      yield passEnd;
    },
    *reset() {
      yield* rest();
      yield pass({ kind: 'reset' });
    },
    lifted: rest,
  };
}
