/** Connections opened, used for one byte and closed, and connections that are only held open. */
import { once } from 'node:events';
import type net from 'node:net';
import { systemClock } from 'shaketable-proxy/clock';
import { connect, type Destination } from './client.ts';

const concurrency = 16;

/** Connections per second, each with one byte there and back. */
export async function churn(to: Destination, count: number): Promise<number> {
  const clock = systemClock();
  const startedAt = clock.now();
  let left = count;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await useOnce(to);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return count / ((clock.now() - startedAt) / 1_000);
}

async function useOnce(to: Destination): Promise<void> {
  const socket = await connect(to);
  const echoed = once(socket, 'data');
  socket.write('x');
  await echoed;
  const closed = once(socket, 'close');
  socket.end();
  await closed;
}

/** Opens connections, sends a byte there and back on each, and holds them. */
export async function hold(to: Destination, count: number): Promise<net.Socket[]> {
  const held: net.Socket[] = [];
  let left = count;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const socket = await connect(to);
      held.push(socket);
      const echoed = once(socket, 'data');
      socket.write('x');
      await echoed;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return held;
}
