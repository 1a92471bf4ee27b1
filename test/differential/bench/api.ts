/** Requests to a proxy server's API with nothing added by a client library, and answers made comparable. */
import http from 'node:http';
import type { Fact } from './facts.ts';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** From sending to the last byte. */
  readonly tookMs: number;
}

const longestWaitMs = 10_000;

/** Sends a request; an object is sent as JSON, a text as it is. Rejects when no answer comes. */
export async function request(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const from = performance.now();
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const text = body === undefined || typeof body === 'string' ? (body ?? '') : JSON.stringify(body);
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(text) };
  const options = { hostname, port, method, path, headers: { ...length, ...headers }, agent: false };
  const sent = http.request(options, resolve);
  sent.once('error', reject);
  sent.setTimeout(longestWaitMs, () => sent.destroy(new Error(`No answer to ${method} ${path}`)));
  sent.end(text);
  const answer = await promise;
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    text: Buffer.concat(parts).toString('utf8'),
    tookMs: performance.now() - from,
  };
}

/** The body as JSON. Throws when it is none. */
export function json<T>({ text }: Answer): T {
  return JSON.parse(text) as T;
}

/**
 * The answer for comparison: status, type of content and body. Ports are replaced by names, and what depends on the
 * version of Go or on the machine's resolver is cut off. An error is shown by its message.
 */
export function said(answer: Answer, names: ReadonlyMap<number, string>): Fact {
  const { status, headers, text } = answer;
  const body = normalise(text, names);
  const type = headers['content-type'] ?? 'no type';
  const sniffing = headers['x-content-type-options'] ?? 'sniffed';
  return {
    shown: `${status} ${errorOf(body) ?? body}`.trim(),
    exact: [status, type, sniffing, JSON.stringify(body)].join(' '),
    timed: false,
  };
}

/** Text with the ports of a check as names and other chosen ports as `*`. */
export function normalise(text: string, names: ReadonlyMap<number, string>): string {
  return text
    .replace(/(bad request body: )(?!EOF|unexpected EOF)(?:[^"\\]|\\.)*/g, '$1…')
    .replace(/(lookup \S+) on \S+:53:/g, '$1:')
    .replace(/"version": "[^"]*"/, '"version": "…"')
    .replace(/:(\d{4,5})\b/g, (_, port) => `:${names.get(Number(port)) ?? '*'}`);
}

function errorOf(body: string): string | undefined {
  if (!body.startsWith('{"error"')) return undefined;
  const { error, proxies } = JSON.parse(body) as { error: string; proxies?: unknown };
  return proxies === undefined ? error : `${error}, proxies ${JSON.stringify(proxies)}`;
}
