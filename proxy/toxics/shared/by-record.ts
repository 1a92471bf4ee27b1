/**
 * What toxics that work on TLS records share: one direction is taken apart into records, whatever chunks it came in.
 * Once the toxic has no more interest, or what comes is no TLS, everything passes as it is. At most one unfinished
 * record is held, 18 KiB, and what may be none for half a second.
 */

import type { Stream } from '../../core/events.ts';
import { pass, passEnd, type Step, send } from '../../core/steps.ts';
import type { Behaviour, StrikeFact, ToxicContext } from '../../core/toxic-type.ts';
import { type TlsRecord, TlsRecordReader } from '../../protocols/tls-records.ts';
import { recognise } from './recognition.ts';

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
  /** What it holds, before bytes that are no record. */
  release?(): Iterable<Step>;
}

/** The behaviour that does `work`. */
export function byRecord(
  context: Pick<ToxicContext<unknown>, 'now' | 'skip' | 'joinedLate'>,
  work: RecordWork,
): Required<Pick<Behaviour, 'chunk' | 'idle' | 'end' | 'reset' | 'lifted'>> {
  const reader = new TlsRecordReader(context);
  let offset = 0;

  function* rest(): Generator<Step> {
    const bytes = reader.takeRest();
    if (bytes.length === 0) return;
    yield* work.release?.() ?? [];
    yield send(bytes, context.now());
  }
  function* passUnread(): Generator<Step> {
    if (reader.broken && work.watching()) context.skip('no TLS');
    if (reader.broken || !work.watching()) yield* rest();
  }
  return {
    *chunk(chunk) {
      if (reader.broken || !work.watching()) {
        yield* rest();
        yield* work.release?.() ?? [];
        return yield pass(chunk);
      }
      for (const record of reader.push(chunk.bytes)) {
        const placed = { ...record, offset, at: chunk.at };
        offset += record.bytes.length;
        if (work.watching()) yield* work.record(placed);
        else yield send(record.bytes, chunk.at);
      }
      yield* passUnread();
    },
    *idle() {
      yield* recognise(context, { undecided: reader.undecided, giveUp: () => reader.giveUp() });
      yield* passUnread();
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
