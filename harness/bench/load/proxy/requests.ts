/** Small requests on one or many connections, each waiting for the echo of the one before. */
import { systemClock } from 'shaketable-proxy/clock';
import { connect, type Destination } from './client.ts';

const requestBytes = 64;
const warmUpMs = 100;

/** What the requests met. */
export interface RequestFigures {
  readonly perSecond: number;
  /** Each round trip, ms. */
  readonly trips: readonly number[];
}

/** Sends for `durationMs` over so many connections. */
export async function sendRequests(
  to: Destination,
  connections: number,
  durationMs: number,
): Promise<RequestFigures> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => connect(to)));
  const clock = systemClock();
  const from = clock.now() + warmUpMs;
  const until = from + durationMs;
  const trips: number[] = [];

  const talk = (socket: (typeof sockets)[number]): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const request = Buffer.alloc(requestBytes, 'x');
    let sentAt = 0;
    let missing = 0;
    const ask = (now: number): void => {
      sentAt = now;
      missing = requestBytes;
      socket.write(request);
    };
    socket.on('error', reject).on('data', (bytes: Buffer) => {
      missing -= bytes.length;
      if (missing > 0) return;
      const now = clock.now();
      if (sentAt >= from && now <= until) trips.push(now - sentAt);
      if (now < until) return ask(now);
      socket.destroy();
      resolve();
    });
    ask(clock.now());
    return promise;
  };
  await Promise.all(sockets.map(talk));
  return { perSecond: trips.length / (durationMs / 1_000), trips };
}
