/**
 * Serves the page on a port of loopback: the page itself, a stream of what happens, and the acts. Who may ask is decided before
 * anything else (`access.ts`).
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import type { Clock } from 'shaketable-proxy/clock';
import { LabError } from '../errors.ts';
import { refusalOf } from './access.ts';
import { type Acts, perform } from './acts.ts';
import { catalogue } from './catalogue.ts';
import { pageDocument } from './document.ts';
import { type Sight, streamLive } from './live.ts';

/** What is served. */
export interface Served {
  readonly sight: Sight;
  readonly acts: Acts;
  /** What stands in the page's head, as `a persistent lab`. */
  readonly title: string;
  readonly clock: Clock;
}

/** Where it is served, and to whom. */
export interface Place {
  /** @default 0, a free one */
  readonly port?: number;
  /** @default a new one of 192 bits */
  readonly token?: string | undefined;
}

export interface StartedPage extends AsyncDisposable {
  /** With the token: whoever has it can do what the page can. */
  readonly url: string;
}

/** The longest request is a toxic with a long text. */
const mostBytes = 1024 * 1024;
/** Pages that are open at a time. */
const mostStreams = 32;
const requestMs = 15_000;

/** Of every answer. Nobody may frame the page, keep it, or learn its address from it. */
const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** @throws LabError `LAB_PORT_TAKEN` or `LAB_BAD_INPUT` for a token that is too short */
export async function servePage(
  served: Served,
  { port = 0, token = newToken() }: Place,
): Promise<StartedPage> {
  assertToken(token);
  const handler = new Handler(served, token);
  const server = http.createServer({ requestTimeout: requestMs, headersTimeout: requestMs });
  server.maxConnections = 4 * mostStreams;
  server.on('request', (request, response) => handler.handle(request, response));
  server.listen({ host: '127.0.0.1', port });
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    throw new LabError('LAB_PORT_TAKEN', `The page cannot listen on 127.0.0.1:${port}: ${cause.message}`, {
      hint: 'Choose another port, or 0 for a free one.',
      cause,
    });
  });
  const bound = (server.address() as net.AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}/?token=${token}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const newToken = (): string => randomBytes(24).toString('base64url');

function assertToken(token: string): void {
  if (/^[\w-]{16,200}$/.test(token)) return;
  throw new LabError(
    'LAB_BAD_INPUT',
    'The token of the page is too short, or has characters that an address has not',
    {
      hint: 'Give 16 to 200 letters, digits, - and _ in SHAKETABLE_PAGE_TOKEN, or none for a new token each time.',
    },
  );
}

class Handler {
  readonly #served: Served;
  readonly #token: string;
  #streams = 0;

  constructor(served: Served, token: string) {
    this.#served = served;
    this.#token = token;
  }

  handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    this.#answer(request, response).catch((error: unknown) => {
      if (!request.errored && !response.destroyed)
        console.error('The page failed to answer', request.url?.replace(/token=[^&]*/, 'token=…'), error);
      response.destroy();
    });
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = URL.canParse(request.url ?? '', 'http://page')
      ? new URL(request.url ?? '', 'http://page')
      : undefined;
    if (url === undefined) return say(response, 400, 'This is no address.');
    const isDocument = url.pathname === '/';
    const refusal = refusalOf({ headers: request.headers, url, isDocument }, this.#token);
    if (refusal) return say(response, refusal.status, refusal.why);
    const [, area, name = ''] = url.pathname.split('/');
    if (area === 'act') return this.#act(request, response, name);
    if (request.method !== 'GET') return say(response, 405, 'This is only to be read.');
    if (isDocument) return sendDocument(response, pageDocument(this.#served.title));
    if (url.pathname === '/catalogue') return sendJson(response, 200, catalogue());
    if (url.pathname === '/live') return this.#stream(response, url.searchParams);
    return say(response, 404, 'There is nothing here.');
  }

  async #act(request: http.IncomingMessage, response: http.ServerResponse, name: string): Promise<void> {
    if (request.method !== 'POST') return say(response, 405, 'An act is a POST.');
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
      return say(response, 415, 'An act takes JSON.');
    const body = await bodyOf(request);
    if (body === undefined) return say(response, 413, `An act takes at most ${mostBytes} bytes.`);
    let given: unknown;
    try {
      given = JSON.parse(body);
    } catch {
      return sendJson(response, 400, { error: 'This is not JSON.' });
    }
    const { status, value } = await perform(this.#served.acts, name, given);
    sendJson(response, status, value);
  }

  #stream(response: http.ServerResponse, query: URLSearchParams): void {
    if (this.#streams >= mostStreams) {
      say(response, 503, `The page is open ${mostStreams} times already.`);
      return;
    }
    this.#streams += 1;
    response.once('close', () => {
      this.#streams -= 1;
    });
    const { sight, clock } = this.#served;
    const filter = { link: query.get('link') ?? '', ended: query.get('ended') !== 'no' };
    streamLive(response, { sight, filter, clock });
  }
}

/** Undefined when it is too long; the rest is thrown away, so that the answer can be read. */
async function bodyOf(request: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes > mostBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

function say(response: http.ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

function sendJson(response: http.ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function sendDocument(response: http.ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(text);
}
