/** Asks for an event stream over a connection of its own. */
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { EventReaderOptions } from './reader.ts';

/** How a stream is asked for. */
export interface StreamRequest {
  /** Where it is to go on; empty is from now. */
  readonly lastEventId: string;
  /** Whether the server's certificate has to be valid for its name and signed by a trusted authority. */
  readonly verify: boolean;
}

/** Sends the request; it emits `response` or `error`. Destroying it lets go of the connection. */
export function requestStream(
  { url, token, ca, dial }: EventReaderOptions,
  { lastEventId, verify }: StreamRequest,
): ClientRequest {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'https:';
  const raw = dial({ host, port: Number(port) || (secure ? 443 : 80) });
  const servername = isIP(host) ? '' : host;
  const trust = { rejectUnauthorized: verify, ...(ca !== undefined && { ca }) };
  const socket = secure ? connectTls({ socket: raw, host, servername, ...trust }) : raw;
  if (socket !== raw) raw.on('error', (error) => socket.destroy(error));
  const request = (secure ? requestHttps : requestHttp)(url, {
    createConnection: () => socket,
    headers: {
      accept: 'text/event-stream',
      'cache-control': 'no-store',
      authorization: `Bearer ${token}`,
      ...(lastEventId !== '' && { 'last-event-id': lastEventId }),
    },
  });
  request.once('close', () => raw.destroy());
  request.end();
  return request;
}

/** Whether an answer is an event stream; anything else is none, whatever it says. */
export const isEventStream = ({ statusCode, headers }: IncomingMessage): boolean =>
  statusCode === 200 && /^text\/event-stream\s*(;|$)/i.test(headers['content-type'] ?? '');
