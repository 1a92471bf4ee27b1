/**
 * `tls_truncate`: ends a TLS connection by FIN without the sender's close_notify, so that its receiver cannot tell a
 * complete answer from one that was cut (RFC 8446, section 6.1).
 *
 * With `records`, both sides are closed after so many records of application data. Without, the sender's own
 * close_notify is left out. Up to TLS 1.2 an encrypted alert says what it is by its type: it is taken for close_notify,
 * and the FIN goes out in its place. TLS 1.3 hides the type, and data of two bytes has an alert's size, so a record of
 * that size is held for up to `hold` ms: it is left out if the sender's FIN follows it by then, and goes on otherwise.
 */

import { duration, integer } from '../core/attributes.ts';
import type { Stream } from '../core/events.ts';
import { close, passEnd, type Step, send, until } from '../core/steps.ts';
import { type Behaviour, defineToxic } from '../core/toxic-type.ts';
import type { TlsSide } from '../protocols/tls-handshake.ts';
import { TlsRecordKinds } from '../protocols/tls-record-kinds.ts';
import { byRecord, type PlacedRecord, placeOf } from './shared/by-record.ts';

export const tlsTruncate = defineToxic({
  type: 'tls_truncate',
  summary: 'ended without close_notify',
  attributes: {
    records: integer({ min: 0 }),
    hold: { ...duration({ min: 0, max: 60_000 }), initial: 200 },
  },
  startBoth: (context) => {
    const kinds = new TlsRecordKinds();
    let over = false;

    function strike(stream: Stream, reason: string, record: PlacedRecord, delivered: boolean): boolean {
      const fact = { reason, bytes: record.bytes.length, delivered };
      return context.strike({ ...fact, ...placeOf(stream, record, context) });
    }

    function behaviour(from: TlsSide, stream: Stream): Behaviour {
      const acts = context.stream === 'both' || context.stream === stream;
      let passed = 0;
      let ended = false;
      let held: PlacedRecord | undefined;

      function* release(): Generator<Step> {
        if (held) yield send(held.bytes, held.at);
        held = undefined;
      }
      function* leaveOut(record: PlacedRecord): Generator<Step> {
        held = undefined;
        ended = strike(stream, 'FIN without close_notify', record, false);
        if (!ended) yield send(record.bytes, record.at);
      }
      function* alert(record: PlacedRecord): Generator<Step> {
        if (kinds.hidesAlerts) {
          held = record;
          return;
        }
        yield* leaveOut(record);
        if (ended) yield passEnd;
      }
      function* data(record: PlacedRecord): Generator<Step> {
        passed += 1;
        yield send(record.bytes, record.at);
        if (passed < context.attributes.records) return;
        over = true;
        if (strike(stream, `closed after record ${passed}`, record, true)) yield close('fin');
      }
      const records = byRecord(context, {
        watching: () => !over,
        release,
        *record(record) {
          yield* release();
          const kind = kinds.kindOf(from, record);
          const atEnd = context.attributes.records === 0;
          if (!acts) yield send(record.bytes, record.at);
          else if (kind === 'application_data' && !atEnd) yield* data(record);
          else if (kind === 'alert' && atEnd && !kinds.shakingHands) yield* alert(record);
          else yield send(record.bytes, record.at);
        },
      });
      return {
        ...records,
        *chunk(chunk) {
          if (!ended) yield* records.chunk(chunk);
        },
        *end() {
          if (ended) return;
          if (held) yield* leaveOut(held);
          yield* records.end();
        },
        *reset() {
          yield* release();
          yield* records.reset();
        },
        *idle() {
          yield* records.idle();
          if (!held) return;
          yield until(held.at + context.attributes.hold);
          yield* release();
        },
        *lifted() {
          yield* release();
          yield* records.lifted('deleted');
        },
      };
    }
    return { upstream: behaviour('client', 'upstream'), downstream: behaviour('server', 'downstream') };
  },
});
