/** How far answers under a latency toxic are from their due time. */
import { systemClock } from 'shaketable-proxy/clock';
import { seededRandom } from 'shaketable-proxy/random';
import { connect, type Destination } from './client.ts';

/** What is asked for. */
export interface DelayProbe {
  readonly latencyMs: number;
  readonly connections: number;
  /** On each connection. */
  readonly samples: number;
}

/**
 * Round trips less the latency, ms, in absolute value; what the way itself takes is in them. Connections ask at random
 * moments, so that timers do not fall due together.
 */
export async function probeDelays(to: Destination, { latencyMs, connections, samples }: DelayProbe) {
  const clock = systemClock();
  const errors: number[] = [];
  const random = seededRandom('delays');

  const probe = async (index: number): Promise<void> => {
    const draws = random.fork(String(index));
    const socket = await connect(to);
    // The first answer also waits for the proxy's own connection to the server.
    for (let sample = 0; sample <= samples; sample += 1) {
      await clock.sleep(1 + draws.next() * latencyMs);
      const sentAt = clock.now();
      const answered = new Promise((resolve) => socket.once('data', resolve));
      socket.write('x');
      await answered;
      if (sample > 0) errors.push(Math.abs(clock.now() - sentAt - latencyMs));
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, (_, index) => probe(index)));
  return errors;
}
