/**
 * One request on a connection of its own, to the address that took a connection before. Certificates are verified, redirects
 * are not followed, and of a long body the beginning is read.
 */
import type { IncomingMessage, RequestOptions } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import type { Answer } from './answer.ts';
import { bounded, tooLate } from './bounded.ts';
import type { StepContext } from './step.ts';
import { serverName } from './target.ts';

/** What kept the answer from coming: a code, or `tooLate`; `alert` where the peer spoke TLS to a request without it. */
export interface NoAnswer {
  readonly failure: string | typeof tooLate;
  readonly alert?: true;
}

const bodyLimitBytes = 64 * 1024;

/** Asks by GET. Rejects only when `signal` of the context aborts. */
export async function ask(
  { target, known, clock, timeoutMs, signal }: StepContext,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer | NoAnswer> {
  const options: RequestOptions & tls.ConnectionOptions = {
    host: known.address ?? target.hostname,
    port: target.port,
    path,
    agent: false,
    maxHeaderSize: bodyLimitBytes,
    headers: {
      host: target.host,
      accept: 'application/json, */*;q=0.5',
      'user-agent': 'shaketable-diagnose',
      ...headers,
    },
    ...(target.secure
      ? {
          ca: [...target.ca],
          servername: serverName(target),
          checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(target.hostname, certificate),
        }
      : {}),
  };
  try {
    const answer = await bounded(clock, timeoutMs, signal, (until) =>
      send({ ...options, signal: until }, target.secure),
    );
    return answer === tooLate ? { failure: tooLate } : answer;
  } catch (error) {
    signal.throwIfAborted();
    const { code, message, rawPacket } = error as NodeJS.ErrnoException & { rawPacket?: Buffer };
    return { failure: code ?? message, ...(isTlsRecord(rawPacket) ? { alert: true } : {}) };
  }
}

/** An alert or a handshake record (RFC 8446, section 5.1). */
const isTlsRecord = (bytes: Buffer | undefined): boolean => bytes?.[0] === 0x15 || bytes?.[0] === 0x16;

function send(options: RequestOptions, secure: boolean): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = (secure ? https : http).get(options);
  request.once('error', reject);
  request.once('response', (response) => {
    read(response).then(resolve, reject);
  });
  request.once('upgrade', (_response, socket) => {
    socket.destroy();
    reject(new Error('an upgrade that nobody asked for'));
  });
  return promise.finally(() => request.destroy());
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bodyLimitBytes) break;
  }
  const body = Buffer.concat(chunks).subarray(0, bodyLimitBytes).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, body, json: parseObject(body) };
}

function parseObject(text: string): Answer['json'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
