/**
 * Watches a connection for a TLS handshake and tells its outcome. What arrives says how far the handshake came; only
 * what was handed on, before either side said it was done, can complete it, since a toxic may stand between. Without a
 * ClientHello at the start, and once the handshake is over, the tap is taken off and costs nothing.
 */
import type { Clock } from '../core/clock.ts';
import type { ProxyEventFacts, Stream } from '../core/events.ts';
import { TlsHandshake } from './tls-handshake.ts';
import { TlsHandshakeCost } from './tls-handshake-cost.ts';
import { contentType, TlsRecordReader } from './tls-records.ts';

/** Where a tap is put: it sees the bytes that arrive in a direction, and those that are handed on. */
export interface TapPoint {
  onArrival: ((bytes: Buffer) => void) | undefined;
  onDelivery: ((bytes: Buffer) => void) | undefined;
  /** The sender's FIN was handed on. */
  onEndDelivery: (() => void) | undefined;
}

export interface TlsTap {
  /** The connection is over; a handshake that did not complete has failed. */
  ended(): void;
}

/** Puts a tap on both directions of a connection; it takes itself off. */
export function tapTls(
  points: Readonly<Record<Stream, TapPoint>>,
  clock: Clock,
  emit: (facts: ProxyEventFacts) => void,
): TlsTap {
  const arrived = new HandshakeObserver();
  const delivered = new Deliveries(arrived);
  let helloAt: number | undefined;

  const detach = (): void => {
    for (const point of [points.upstream, points.downstream]) {
      point.onArrival = undefined;
      point.onDelivery = undefined;
      point.onEndDelivery = undefined;
    }
  };
  const conclude = (outcome: 'complete' | 'failed'): void => {
    detach();
    if (helloAt === undefined) return;
    emit({ type: 'tls-handshake', outcome, ...arrived.facts(), durationMs: clock.now() - helloAt });
    helloAt = undefined;
  };
  const onArrival = (stream: Stream, bytes: Buffer): void => {
    const begins = stream === 'upstream' && bytes[0] === contentType.handshake;
    if (!arrived.started && !begins) {
      detach();
      return;
    }
    delivered.expect(bytes);
    arrived.read(stream, bytes);
    const hello = arrived.handshake.clientHello;
    if (!hello || helloAt !== undefined) return;
    helloAt = clock.now();
    const { serverName, alpn, offersResumption, versions } = hello;
    emit({ type: 'client-hello', serverName, alpn, offersResumption, versions });
  };
  const onDelivery = (stream: Stream, bytes: Buffer): void => {
    delivered.read(stream, bytes);
    if (delivered.observer.handshake.complete) conclude('complete');
  };
  for (const stream of ['upstream', 'downstream'] as const) {
    points[stream].onArrival = (bytes) => onArrival(stream, bytes);
    points[stream].onDelivery = (bytes) => onDelivery(stream, bytes);
    points[stream].onEndDelivery = () => conclude('failed');
  }
  return { ended: () => conclude('failed') };
}

/** What was handed on. As long as that is all that arrived, as it arrived, nothing is read twice. */
class Deliveries {
  /** Has seen what was handed on. */
  observer: HandshakeObserver;
  readonly #arrivals: HandshakeObserver;
  readonly #passed: [Stream, Buffer][] = [];
  /** Arrived, and not handed on yet. */
  #expected: Buffer | undefined;

  constructor(arrivals: HandshakeObserver) {
    this.#arrivals = arrivals;
    this.observer = arrivals;
  }

  /** Something arrived, which `arrivals` is about to read. */
  expect(bytes: Buffer): void {
    if (this.#expected !== undefined) this.#part();
    this.#expected = bytes;
  }

  read(stream: Stream, bytes: Buffer): void {
    if (bytes !== this.#expected) this.#part();
    this.#expected = undefined;
    if (this.observer === this.#arrivals) this.#passed.push([stream, bytes]);
    else this.observer.read(stream, bytes);
  }

  /** From here on, what is handed on is something of its own. */
  #part(): void {
    if (this.observer !== this.#arrivals) return;
    this.observer = new HandshakeObserver();
    for (const [stream, bytes] of this.#passed.splice(0)) this.observer.read(stream, bytes);
  }
}

/** Reads both directions into one handshake. */
class HandshakeObserver {
  readonly handshake = new TlsHandshake();
  readonly #cost = new TlsHandshakeCost();
  readonly #readers = { upstream: new TlsRecordReader(), downstream: new TlsRecordReader() };
  started = false;

  read(stream: Stream, bytes: Buffer): void {
    this.started = true;
    const reader = this.#readers[stream];
    if (reader.broken) return;
    const side = stream === 'upstream' ? 'client' : 'server';
    for (const record of reader.push(bytes)) {
      this.#cost.record(side, record, this.handshake);
      this.handshake.record(side, record);
    }
  }

  facts() {
    const { serverHello, resumed, stage: lastStage, alert } = this.handshake;
    const cipher = serverHello && `0x${serverHello.cipher.toString(16).padStart(4, '0')}`;
    const { version, alpn: chosenAlpn } = serverHello ?? {};
    const { roundTrips, bytes } = this.#cost;
    const cost = { roundTrips, handshakeBytesUp: bytes.client, handshakeBytesDown: bytes.server };
    const known = { version, cipher, resumed, chosenAlpn, lastStage, ...cost };
    return alert === undefined ? known : { ...known, alert };
  }
}
