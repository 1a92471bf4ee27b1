/**
 * `tls_cut`: breaks a share of TLS handshakes at a named stage (R1.2). The record in which the stage shows is not
 * handed on; everything before it is. In TLS 1.3 the certificate is encrypted, so `certificate` is the server's first
 * encrypted record after its ServerHello, and `finished` the client's first. A resumed handshake has no certificate and
 * is cut at what comes in its place (`protocols/tls-handshake.ts`).
 *
 * `stall` holds both directions from that record on; changing or deleting the toxic lets the handshake go on.
 */

import { choice, fraction } from '../core/attributes.ts';
import type { Stream } from '../core/events.ts';
import { close, type Step, send, until } from '../core/steps.ts';
import { type Behaviour, defineToxic } from '../core/toxic-type.ts';
import { TlsHandshake, type TlsSide } from '../protocols/tls-handshake.ts';
import { byRecord, type PlacedRecord, placeOf } from './shared/by-record.ts';

export const tlsCut = defineToxic({
  type: 'tls_cut',
  summary: 'cut, reset or stalled after a stage of the handshake',
  attributes: {
    stage: choice(['client_hello', 'server_hello', 'certificate', 'finished']),
    action: choice(['reset', 'close', 'stall']),
    share: fraction(1),
  },
  startBoth: (context) => {
    const handshake = new TlsHandshake();
    const draw = context.random.next();
    let over = false;
    let stalled = false;

    const watching = (): boolean => !over && !handshake.complete && draw < context.attributes.share;

    function* holdUntilLifted(): Generator<Step> {
      yield until(Number.POSITIVE_INFINITY);
      stalled = false;
      over = true;
    }

    function* cut(stream: Stream, record: PlacedRecord): Generator<Step> {
      const { stage, action } = context.attributes;
      const fact = { reason: `${action} at ${stage}`, bytes: record.bytes.length, delivered: false };
      over = true;
      if (!context.strike({ ...fact, ...placeOf(stream, record, context) })) return;
      stalled = action === 'stall';
      if (action === 'stall') yield* holdUntilLifted();
      else yield close(action === 'close' ? 'fin' : 'reset');
    }

    function behaviour(from: TlsSide, stream: Stream): Behaviour {
      const records = byRecord(context, {
        watching,
        *record(record) {
          const reached = handshake.record(from, record);
          if (reached.includes(context.attributes.stage)) yield* cut(stream, record);
          if (!over && handshake.stage === 'none') context.skip('TLS, and no beginning of a handshake');
          over ||= handshake.stage === 'none';
          yield send(record.bytes, record.at);
        },
      });
      return {
        ...records,
        *chunk(chunk) {
          if (stalled) yield* holdUntilLifted();
          yield* records.chunk(chunk);
        },
        *end() {
          if (stalled) yield* holdUntilLifted();
          yield* records.end();
        },
      };
    }
    return { upstream: behaviour('client', 'upstream'), downstream: behaviour('server', 'downstream') };
  },
});
