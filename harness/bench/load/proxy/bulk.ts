/** One connection that sends as much as it can, as iperf3 does; the sink at the far end counts what arrived. */
import { systemClock } from 'shaketable-proxy/clock';
import { connect, type Destination } from './client.ts';

/** Marks the end, since not every proxy hands on a FIN and still brings the answer back. */
export const lastByte = 1;
const blockBytes = 256 * 1024;

/** Bytes per second, from the first write to the sink's count. */
export async function sendBulk(to: Destination, durationMs: number): Promise<number> {
  const clock = systemClock();
  const block = Buffer.alloc(blockBytes);
  const socket = await connect(to);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const startedAt = clock.now();

  const send = (): void => {
    while (clock.now() - startedAt < durationMs) if (!socket.write(block)) return;
    socket.off('drain', send).write(Buffer.of(lastByte));
  };
  socket.on('drain', send).on('error', reject);
  socket.once('data', (count: Buffer) => {
    resolve(Number(count.readBigUInt64BE()) / ((clock.now() - startedAt) / 1_000));
    socket.destroy();
  });
  send();
  return promise;
}
