/** The reader of HTTP against llhttp, on messages that undici and node:http exchange. */
import http from 'node:http';
import net from 'node:net';
import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { expect, it } from 'vitest';
import type { Stream } from '../../../proxy/core/events.ts';
import { HttpDialogue } from '../../../proxy/protocols/http-dialogue.ts';
import fc from '../../support/fast-check.ts';
import { Rig } from './rig.ts';

interface Seen {
  readonly asked: string;
  readonly askedBytes: number;
  readonly status: number;
  readonly content: string;
}

interface Sent {
  readonly stream: Stream;
  readonly bytes: Buffer;
}

/** Answers of many shapes by path. */
const shapes: Record<string, (response: http.ServerResponse) => void> = {
  '/length': (response) => response.end('with a length'),
  '/empty': (response) => response.writeHead(200, { 'Content-Length': 0 }).end(),
  '/none': (response) => response.writeHead(204).end(),
  '/not-modified': (response) => response.writeHead(304, { ETag: '"1"' }).end(),
  '/chunked': (response) => {
    for (const chunk of ['first', '0\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n']) response.write(chunk);
    response.end();
  },
  '/trailers': (response) => {
    response.writeHead(200, { Trailer: 'Digest' }).write('before the trailers');
    response.addTrailers({ Digest: 'sha-256=x' });
    response.end();
  },
  '/hints': (response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.writeProcessing();
    response.end('after the hints');
  },
  '/large': (response) => response.end('x'.repeat(200_000)),
};

/** Runs the requests through a relay that writes down what passes, and what undici and the server made of it. */
async function record(rig: Rig, pipelining: number): Promise<{ sent: Sent[]; seen: Seen[] }> {
  const sent: Sent[] = [];
  const askedBytes = new Map<string, number>();
  const server = http.createServer(async (message, response) => {
    const { url = '', method } = message;
    askedBytes.set(`${method} ${url}`, Buffer.concat(await message.toArray()).length);
    shapes[url.split('?', 1)[0] ?? '']?.(response);
  });
  const serverPort = await rig.serve((socket) => server.emit('connection', socket));
  const port = await rig.serve((client) => {
    const upstream = net.connect(serverPort, '127.0.0.1');
    const relay = (from: net.Socket, to: net.Socket, stream: Stream): void => {
      from.on('data', (bytes: Buffer) => {
        sent.push({ stream, bytes });
        to.write(bytes);
      });
      from.on('end', () => to.end());
    };
    upstream.on('error', () => {});
    relay(client, upstream, 'upstream');
    relay(upstream, client, 'downstream');
  });
  const agent = new Agent({ connections: 1, pipelining });
  const ask = async (method: string, path: string, body?: string | Readable): Promise<Seen> => {
    const url = `http://127.0.0.1:${port}${path}`;
    const answer = await request(url, { method, dispatcher: agent, body: body ?? null });
    const content = await answer.body.text();
    const asked = `${method} ${path}`;
    return { asked, askedBytes: askedBytes.get(asked) ?? -1, status: answer.statusCode, content };
  };
  const requests: (() => Promise<Seen>)[] = [
    ...Object.keys(shapes).map((path) => () => ask('GET', path)),
    () => ask('HEAD', '/length'),
    () => ask('POST', '/length?1', 'GET / HTTP/1.1\r\n\r\n'),
    () => ask('PUT', '/chunked?2', Readable.from(['some', '0\r\n\r\n', 'chunks'])),
    () => ask('DELETE', '/none?3'),
  ];
  const seen: Seen[] = [];
  if (pipelining > 1) seen.push(...(await Promise.all(requests.map((each) => each()))));
  else for (const each of requests) seen.push(await each());
  await agent.destroy();
  return { sent, seen };
}

/** What our reader makes of the same bytes, each piece cut again. */
function read(sent: readonly Sent[], cuts: readonly number[]): Seen[] {
  const dialogue = new HttpDialogue({ joinedLate: false });
  const asked: { name: string; bytes: number }[] = [];
  const answered: { status: number; content: string }[] = [];
  const feed = (stream: Stream, bytes: Buffer): void => {
    if (stream === 'upstream') {
      for (const { head, kind, bytes: piece } of dialogue.readRequests(bytes)) {
        if (head) asked.push({ name: `${head.method} ${head.target}`, bytes: 0 });
        const last = asked.at(-1);
        if (kind === 'data' && last) last.bytes += piece.length;
      }
      return;
    }
    for (const { head, kind, bytes: piece } of dialogue.readResponses(bytes)) {
      if (head && head.status >= 200) answered.push({ status: head.status, content: '' });
      const last = answered.at(-1);
      if (kind === 'data' && last) last.content += piece.toString();
    }
  };
  sent.forEach(({ stream, bytes }, index) => {
    const cut = Math.min(bytes.length, cuts[index % cuts.length] ?? 0);
    feed(stream, bytes.subarray(0, cut));
    feed(stream, bytes.subarray(cut));
  });
  return asked.map(({ name, bytes }, index) => ({
    asked: name,
    askedBytes: bytes,
    status: answered[index]?.status ?? 0,
    content: answered[index]?.content ?? '',
  }));
}

it.each([1, 6])('finds the messages that llhttp finds, with %i requests on the way', async (pipelining) => {
  await using rig = await Rig.start();
  const { sent, seen } = await record(rig, pipelining);

  expect(seen.length).toBe(Object.keys(shapes).length + 4);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 9 }), (cuts) => {
      expect(read(sent, cuts)).toEqual(seen);
    }),
  );
});
