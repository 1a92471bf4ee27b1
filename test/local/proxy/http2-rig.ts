/** A server of HTTP/2 with a proxy before it, for tests with clients of all kinds. */
import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { Rig } from './rig.ts';

/** What the server saw of a request. */
interface Asked {
  readonly path: string;
  /** Of its reset; undefined while the stream was not closed. */
  closedWith: number | undefined;
}

/** Of an answer. */
export const bodyBytes = 30_000;

/**
 * A server that answers each request with fields of its own, which go into HPACK's table, and 30,000 bytes; and a proxy
 * before it.
 */
export async function startHttp2(toxics: readonly object[] = [], { bodyBytes: bytes = bodyBytes } = {}) {
  const rig = await Rig.start();
  const server = http2.createServer();
  const sessions = new Set<http2.ServerHttp2Session>();
  const asked: Asked[] = [];
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream, headers) => {
    const request: Asked = { path: String(headers[':path']), closedWith: undefined };
    asked.push(request);
    stream
      .on('error', () => {})
      .on('close', () => {
        request.closedWith = stream.rstCode;
      });
    stream.resume();
    stream.on('end', () => {
      if (stream.destroyed) return;
      stream.respond({ ':status': 200, 'x-own': 'of the server', 'x-path': request.path });
      stream.end(Buffer.alloc(bytes, 'x'));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const session of sessions) session.destroy();
    server.close();
    await rig[Symbol.asyncDispose]();
  });
  const port = await rig.proxy((server.address() as AddressInfo).port, toxics);
  return { rig, asked, sessions, port };
}

/** The same through a proxy that takes TLS off. */
export async function startHttp2InTls(toxic: object) {
  const { rig, port, asked } = await startHttp2();
  await rig.api('PATCH', '/proxies/p', { tls: { alpn: ['h2'], upstream: 'plain' } });
  await rig.addToxic(toxic);
  return { rig, url: `https://127.0.0.1:${port}`, asked };
}
