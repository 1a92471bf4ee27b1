/**
 * `tls_corrupt`: damages one TLS record of a connection: a bit of it flipped, the record sent twice, or left out. Its
 * receiver ends the connection with a `bad_record_mac` alert (RFC 8446, section 5.2), or with another one if the record
 * was a handshake message in clear.
 *
 * The `record`th of its kind is meant, counted on each connection from where the toxic begins. `protocols/tls-record-kinds.ts`
 * says how the kinds are told apart.
 */

import { choice, integer } from '../core/attributes.ts';
import type { Stream } from '../core/events.ts';
import { type Step, send } from '../core/steps.ts';
import { type Behaviour, defineToxic } from '../core/toxic-type.ts';
import type { TlsSide } from '../protocols/tls-handshake.ts';
import { TlsRecordKinds } from '../protocols/tls-record-kinds.ts';
import { byRecord, type PlacedRecord, placeOf } from './shared/by-record.ts';

export const tlsCorrupt = defineToxic({
  type: 'tls_corrupt',
  summary: 'a record is damaged',
  attributes: {
    kind: choice(['application_data', 'handshake', 'any']),
    record: { ...integer({ min: 1 }), initial: 1 },
    how: choice(['flip', 'duplicate', 'drop']),
  },
  startBoth: (context) => {
    const kinds = new TlsRecordKinds();
    const pending = new Set<Stream>(
      context.stream === 'both' ? ['upstream', 'downstream'] : [context.stream],
    );

    function* damage(stream: Stream, placed: PlacedRecord): Generator<Step> {
      const { kind, record, how } = context.attributes;
      const { bytes, at } = placed;
      const reason = `${how} record ${record} of ${kind}`;
      const fact = { reason, bytes: bytes.length, delivered: how !== 'drop' };
      pending.delete(stream);
      if (!context.strike({ ...fact, ...placeOf(stream, placed, context) })) return yield send(bytes, at);
      if (how === 'drop') return;
      yield send(how === 'flip' ? flipped(bytes, context.random.fork(stream).next()) : bytes, at);
      if (how === 'duplicate') yield send(bytes, at);
    }

    function behaviour(from: TlsSide, stream: Stream): Behaviour {
      let seen = 0;
      return byRecord(context, {
        watching: () => pending.size > 0,
        *record(record) {
          const { kind, record: wanted } = context.attributes;
          const found = kinds.kindOf(from, record);
          const counts = (kind === 'any' || kind === found) && record.body.length > 0;
          if (counts) seen += 1;
          if (counts && seen === wanted && pending.has(stream)) yield* damage(stream, record);
          else yield send(record.bytes, record.at);
        },
      });
    }
    return { upstream: behaviour('client', 'upstream'), downstream: behaviour('server', 'downstream') };
  },
});

const headerBytes = 5;

/** A copy with one bit of the record's body changed; `draw` from 0 to 1 says which. */
function flipped(record: Buffer, draw: number): Buffer {
  const bit = Math.floor(draw * (record.length - headerBytes) * 8);
  const copy = Buffer.from(record);
  const at = headerBytes + (bit >> 3);
  copy.writeUInt8(copy.readUInt8(at) ^ (1 << (bit & 7)), at);
  return copy;
}
