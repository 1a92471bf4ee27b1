/**
 * `tls_alert`: answers a ClientHello with an alert in clear, as a server does that turns it down: 40 is
 * handshake_failure, 70 protocol_version, 112 unrecognized_name (RFC 8446, section 6.2). After a fatal alert both sides
 * are closed and the server never sees the ClientHello; after a warning the handshake goes on.
 */

import { choice, integer } from '../core/attributes.ts';
import { close, reply, type Step, send } from '../core/steps.ts';
import { defineToxic } from '../core/toxic-type.ts';
import { TlsHandshake } from '../protocols/tls-handshake.ts';
import { contentType } from '../protocols/tls-records.ts';
import { byRecord, type PlacedRecord, placeOf } from './shared/by-record.ts';

const levels = { fatal: 2, warning: 1 } as const;

export const tlsAlert = defineToxic({
  type: 'tls_alert',
  summary: 'the handshake is answered by an alert',
  attributes: {
    description: { ...integer({ min: 0, max: 255 }), initial: 40 },
    level: choice(['fatal', 'warning']),
  },
  startBoth: (context) => {
    const handshake = new TlsHandshake();
    let over = context.joinedLate;

    function* turnDown(record: PlacedRecord): Generator<Step> {
      const { description, level } = context.attributes;
      const delivered = level === 'warning';
      const reason = `answered by ${level} alert ${description}`;
      const fact = { reason, bytes: record.bytes.length, delivered };
      if (!context.strike({ ...fact, ...placeOf('upstream', record, context) })) return;
      yield reply(Buffer.from([contentType.alert, 3, 3, 0, 2, levels[level], description]));
      if (level === 'fatal') yield close('fin');
    }
    return {
      upstream: byRecord(context, {
        watching: () => !over,
        *record(record) {
          const greeted = handshake.record('client', record).includes('client_hello');
          over = greeted || handshake.clientHello !== undefined || record.type !== contentType.handshake;
          if (greeted) yield* turnDown(record);
          yield send(record.bytes, record.at);
        },
      }),
      downstream: {},
    };
  },
});
