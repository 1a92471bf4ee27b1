/**
 * What a client gets that does not speak HTTP, sends too large a head, or takes too long: Go's answers to the first
 * two, and after the third a 503 if the head was complete, nothing if it was not.
 */
import type http from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers what Node's parser refuses. */
export function answerBadRequests(server: http.Server): void {
  const underWay = new WeakMap<Duplex, http.ServerResponse>();
  server.on('request', (request, response) => {
    underWay.set(request.socket, response);
    response.once('close', () => underWay.delete(request.socket));
  });
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket: Duplex) => {
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT') giveUp(socket, underWay.get(socket));
    else if (code === 'HPE_HEADER_OVERFLOW') refuse(socket, '431 Request Header Fields Too Large');
    else refuse(socket, '400 Bad Request');
  });
}

function giveUp(socket: Duplex, response: http.ServerResponse | undefined): void {
  if (response && !response.headersSent) {
    response.writeHead(503, { Connection: 'close' }).end(() => socket.destroy());
  } else socket.destroy();
}

function refuse(socket: Duplex, status: string): void {
  if (!socket.writable) return void socket.destroy();
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n`;
  socket.end(`${head}${status}`, () => socket.destroy());
}
