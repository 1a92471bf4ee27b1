/**
 * What a client gets that does not speak HTTP, sends too large a head, or takes too long: Go's answers to the first
 * two, and after the third a 503 if the head was complete, nothing if it was not.
 */
import type http from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { encodePath, goOnFrom, type ParseError } from './raw-paths.ts';
import type { RequestOrder } from './request-order.ts';

/** How long a client that was refused may take to read so; closing at once could take the answer away from it. */
const partingMs = 500;

/** Answers what Node's parser refuses. */
export function answerBadRequests(server: http.Server, order: RequestOrder, clock: Clock): void {
  const underWay = new WeakMap<Duplex, http.ServerResponse>();
  const refused = new WeakSet<Duplex>();
  const refuse = (socket: Duplex, status: string): void => {
    if (refused.has(socket)) return;
    refused.add(socket);
    part(socket, status, clock);
  };
  server.on('request', (request, response) => {
    underWay.set(request.socket, response);
    response.once('close', () => underWay.delete(request.socket));
  });
  server.on('clientError', (error: ParseError, socket: Duplex) => {
    const { code } = error;
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT') giveUp(socket, underWay.get(socket));
    else if (code === 'HPE_HEADER_OVERFLOW') refuse(socket, '431 Request Header Fields Too Large');
    else {
      const packet = encodePath(error);
      if (packet) void goOnFrom(packet, { server, socket, order });
      else refuse(socket, '400 Bad Request');
    }
  });
}

function giveUp(socket: Duplex, response: http.ServerResponse | undefined): void {
  if (response && !response.headersSent) {
    response.writeHead(503, { Connection: 'close' }).end(() => socket.destroy());
  } else socket.destroy();
}

/** Answers, and throws away what still comes until the client has closed or its time is over. */
function part(socket: Duplex, status: string, clock: Clock): void {
  if (!socket.writable) return void socket.destroy();
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n`;
  socket.end(`${head}${status}`);
  const closed = new AbortController();
  socket.once('close', () => closed.abort());
  clock.sleep(partingMs, closed.signal).then(
    () => socket.destroy(),
    () => {},
  );
}
