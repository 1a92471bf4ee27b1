/** Counts at the proxy what became of each connection, from its events. */
import type { ConnectionEvent, StartedProxy } from 'shaketable-proxy';
import type { HandshakeCounts } from '../load/handshakes.ts';

/** What went over one link, as the proxy saw it. */
export interface LinkCounts extends HandshakeCounts {
  readonly connections: number;
  /** Of handshakes that completed, each: flights that the client waited for, and bytes. */
  readonly roundTrips: readonly number[];
  readonly handshakeBytesUp: readonly number[];
  readonly handshakeBytesDown: readonly number[];
  /** Bytes in all that came from the client, and from the server. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly strikes: number;
}

/** Watches one link of a proxy. */
export interface HandshakeCounter extends Disposable {
  /** Resolves once every connection that was opened is over, with what was counted since the last call. */
  take(): Promise<LinkCounts>;
}

interface Running {
  connections: number;
  full: number;
  resumed: number;
  failed: number;
  readonly roundTrips: number[];
  readonly handshakeBytesUp: number[];
  readonly handshakeBytesDown: number[];
  bytesUp: number;
  bytesDown: number;
  strikes: number;
}

const nothing = (): Running => ({
  connections: 0,
  full: 0,
  resumed: 0,
  failed: 0,
  roundTrips: [],
  handshakeBytesUp: [],
  handshakeBytesDown: [],
  bytesUp: 0,
  bytesDown: 0,
  strikes: 0,
});

/** Counts what happens on the link called `name` from now on. */
export function countHandshakes(proxy: Pick<StartedProxy, 'subscribe'>, name: string): HandshakeCounter {
  let counts = nothing();
  /** Open connections, and whether the outcome of their handshake was told. */
  const open = new Map<number, boolean>();
  let whenIdle: (() => void) | undefined;

  const onEvent = (event: ConnectionEvent): void => {
    if (event.type === 'open') {
      open.set(event.connection, false);
      counts.connections += 1;
    } else if (event.type === 'strike') counts.strikes += 1;
    else if (event.type === 'tls-handshake') {
      open.set(event.connection, true);
      if (event.outcome === 'failed') counts.failed += 1;
      else if (event.resumed) counts.resumed += 1;
      else counts.full += 1;
      if (event.outcome === 'failed') return;
      counts.roundTrips.push(event.roundTrips ?? 0);
      counts.handshakeBytesUp.push(event.handshakeBytesUp ?? 0);
      counts.handshakeBytesDown.push(event.handshakeBytesDown ?? 0);
    } else if (event.type === 'close') {
      counts.bytesUp += event.receivedUp;
      counts.bytesDown += event.receivedDown;
      // Over before a ClientHello was seen.
      if (open.get(event.connection) === false) counts.failed += 1;
      open.delete(event.connection);
      if (open.size === 0) whenIdle?.();
    }
  };
  const unsubscribe = proxy.subscribe((event) => {
    if (event.proxy === name && event.connection !== undefined) onEvent(event);
  });
  return {
    async take() {
      if (open.size > 0)
        await new Promise<void>((resolve) => {
          whenIdle = resolve;
        });
      whenIdle = undefined;
      const taken = counts;
      counts = nothing();
      return taken;
    },
    [Symbol.dispose]: unsubscribe,
  };
}
