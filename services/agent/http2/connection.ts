/** One connection of HTTP/2, and what its requests came to. */
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { setTimer } from '../../deadline.ts';
import { HttpStatusError } from '../shared/errors.ts';
import type { Report, ReporterOptions } from './reporter.ts';

const {
  NGHTTP2_REFUSED_STREAM: refusedStream,
  NGHTTP2_ENHANCE_YOUR_CALM: enhanceYourCalm,
  NGHTTP2_CANCEL: cancel,
} = constants;

/** A request whose answer did not come. */
export class StreamFailed extends Error {
  override readonly name = 'StreamFailed';
  /** The error code of HTTP/2 (RFC 9113, section 7), or of the connection. */
  readonly code: string;
  /** Whether the server did not look at the request (section 8.7): refused, or above the last stream of its GOAWAY. */
  readonly unprocessed: boolean;
  /** Whether the server asked for less. */
  readonly calm: boolean;

  constructor(
    code: string,
    facts: { readonly unprocessed: boolean; readonly calm: boolean },
    cause: unknown,
  ) {
    super(`The request failed: ${code}`, { cause });
    this.code = code;
    this.unprocessed = facts.unprocessed;
    this.calm = facts.calm;
  }
}

export class Http2Connection {
  readonly #session: ClientHttp2Session;
  readonly #options: ReporterOptions;
  #error: Error | undefined;
  #goAway: { readonly code: number; readonly lastStream: number } | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
    const { hostname, port } = new URL(options.url);
    const host = hostname.replace(/^\[|\]$/g, '');
    this.#session = connect(options.url, {
      createConnection: () => options.dial({ host, port: Number(port) || 80 }),
    });
    this.#session.on('error', (error) => {
      this.#error = error;
    });
    this.#session.on('goaway', (code, lastStream) => {
      this.#goAway = { code, lastStream: lastStream ?? 0 };
    });
  }

  /** Whether it takes another request: the server has not announced its end, and it has not ended. */
  get usable(): boolean {
    return !this.#session.closed && !this.#session.destroyed && !this.#goAway;
  }

  /** Whether the session itself thinks that it is open. */
  get open(): boolean {
    return !this.#session.closed && !this.#session.destroyed;
  }

  /** Posts a report; rejects with {@link StreamFailed} or `HttpStatusError`. Without a time-out it waits for ever. */
  async post(report: Report, timeoutMs?: number): Promise<void> {
    const { clock, token } = this.#options;
    const stream = this.#session.request({
      ':method': 'POST',
      ':path': '/report',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'idempotency-key': report.idempotencyKey,
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let status = 0;
    let late = false;
    const giveUp = (): void => {
      late = true;
      stream.close(cancel);
    };
    const stop = timeoutMs === undefined ? () => {} : setTimer(clock, timeoutMs, giveUp);
    stream.on('response', (headers) => {
      status = Number(headers[':status']);
    });
    stream.on('error', (error) => reject(this.#failed(stream.id, stream.rstCode, error)));
    stream.on('close', () => {
      if (late) reject(new StreamFailed('DEADLINE_EXCEEDED', { unprocessed: false, calm: false }, undefined));
      else if (status >= 200 && status < 300) resolve();
      else if (status > 0) reject(new HttpStatusError(status, ''));
      else reject(this.#failed(stream.id, stream.rstCode, this.#error));
    });
    stream.resume().end(JSON.stringify({ sequence: report.sequence }));
    await promise.finally(stop);
  }

  /** Lets what is under way end, then the connection. */
  close(): void {
    if (!this.#session.destroyed) this.#session.close();
  }

  destroy(): void {
    this.#session.destroy();
  }

  #failed(id: number | undefined, rstCode: number | undefined, cause: unknown): StreamFailed {
    const goAway = this.#goAway;
    const above = goAway !== undefined && (id === undefined || id > goAway.lastStream);
    const code = goAway && goAway.code !== 0 ? goAway.code : rstCode;
    return new StreamFailed(
      nameOf(code) ?? (cause as NodeJS.ErrnoException | undefined)?.code ?? 'ECONNRESET',
      { unprocessed: above || rstCode === refusedStream, calm: code === enhanceYourCalm },
      cause,
    );
  }
}

const codes = [
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** The name of an error code from 1 on (section 7). */
const nameOf = (code = 0): string | undefined => codes[code - 1];
