/**
 * Bounds the connections of the API. Where all places are taken, the one that has been idle for longest makes room: clients that
 * keep connections they do not use lock nobody out.
 */
import type http from 'node:http';
import net from 'node:net';

/** Closes idle connections of `server` beyond `most`, and new ones where none is idle. */
export function keepRoom(server: http.Server, most: number): void {
  const open = new Set<net.Socket>();
  /** Without a request under way, the longest idle first. */
  const idle = new Set<net.Socket>();

  server.on('connection', (socket: unknown) => {
    if (!(socket instanceof net.Socket)) return;
    if (open.size >= most) {
      const [longest] = idle;
      if (!longest) return void socket.destroy();
      leave(longest);
      longest.destroy();
    }
    open.add(socket);
    idle.add(socket);
    socket.once('close', () => leave(socket));
  });
  server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.once('close', () => void (open.has(socket) && idle.add(socket)));
  });

  function leave(socket: net.Socket): void {
    open.delete(socket);
    idle.delete(socket);
  }
}
