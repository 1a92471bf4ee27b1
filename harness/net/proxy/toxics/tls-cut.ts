/**
 * `tls_cut`: breaks a share of TLS handshakes at a named stage (R1.2). The record in which the stage shows is not
 * handed on; everything before it is. In TLS 1.3 the certificate is encrypted, so `certificate` is the server's first
 * encrypted record after its ServerHello, and `finished` the client's first (`taps/tls-handshake.ts`). A handshake
 * resumed with TLS 1.2 has no certificate, and is not cut there.
 *
 * `stall` holds both directions from that record on; changing or deleting the toxic lets the handshake go on.
 */
import { TlsHandshake, type TlsSide } from '../../taps/tls-handshake.ts';
import { type TlsRecord, TlsRecordReader } from '../../taps/tls-records.ts';
import { type Chunk, close, pass, passEnd, type Step, send, until } from '../plane/steps.ts';
import { choice, fraction } from './attributes.ts';
import { type Behaviour, defineToxic } from './contract.ts';

export const tlsCut = defineToxic({
  type: 'tls_cut',
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

    function* cut(record: TlsRecord): Generator<Step> {
      const { stage, action } = context.attributes;
      const fact = { reason: `${action} at ${stage}`, bytes: record.bytes.length, delivered: false };
      over = true;
      if (!context.strike(fact)) return;
      stalled = action === 'stall';
      if (action === 'stall') yield* holdUntilLifted();
      else yield close(action === 'close' ? 'fin' : 'reset');
    }

    function behaviour(from: TlsSide): Behaviour {
      const reader = new TlsRecordReader();

      function* rest(): Generator<Step> {
        const bytes = reader.takeRest();
        if (bytes.length > 0) yield send(bytes, context.now());
      }
      function* inspect(chunk: Chunk): Generator<Step> {
        for (const record of reader.push(chunk.bytes)) {
          const reached = watching() ? handshake.record(from, record) : [];
          if (reached.includes(context.attributes.stage)) yield* cut(record);
          over ||= handshake.stage === 'none';
          yield send(record.bytes, chunk.at);
        }
        over ||= reader.broken;
        if (!watching()) yield* rest();
      }
      return {
        *chunk(chunk) {
          if (stalled) yield* holdUntilLifted();
          if (watching()) return yield* inspect(chunk);
          yield* rest();
          yield pass(chunk);
        },
        *end() {
          if (stalled) yield* holdUntilLifted();
          yield* rest();
          yield passEnd;
        },
        lifted: rest,
      };
    }
    return { upstream: behaviour('client'), downstream: behaviour('server') };
  },
});
