/**
 * What one direction of a connection carries, as far as it can be told from segments in their order: TLS records by their headers, the
 * first lines of HTTP messages, errors of MySQL. Of what was captured in part, headers are found by the lengths on the wire.
 */

/** Something that begins in this direction. */
export type Found =
  | {
      readonly is: 'tls';
      readonly what: 'client-hello' | 'server-hello' | 'handshake' | 'data' | 'change';
      readonly size: number;
    }
  | { readonly is: 'alert'; readonly description?: number }
  | { readonly is: 'request'; readonly method: string; readonly path: string }
  | { readonly is: 'answer'; readonly status: number }
  | { readonly is: 'mysql-error'; readonly code: number }
  | { readonly is: 'close-frame'; readonly code?: number };

const requestLine = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ([^ \r\n]{1,2000}) HTTP\/1\.[01]\r?\n/;
const statusLine = /^HTTP\/1\.[01] ([1-5]\d\d)\b/;

export class StreamView {
  readonly #isServer: boolean;
  readonly #port: number;
  #protocol: 'unknown' | 'tls' | 'http' | 'mysql' | 'websocket' | 'opaque' = 'unknown';
  /** Bytes until the next TLS record begins; undefined once that is lost. */
  #left: number | undefined = 0;
  #header: Uint8Array = new Uint8Array(0);

  /** `port` is the server’s. */
  constructor(isServer: boolean, port: number) {
    this.#isServer = isServer;
    this.#port = port;
  }

  get isTls(): boolean {
    return this.#protocol === 'tls';
  }

  /** The connection became a WebSocket. */
  upgrade(): void {
    this.#protocol = 'websocket';
  }

  /** Takes the next bytes; of `length` bytes on the wire, `payload` was captured. */
  push(payload: Uint8Array, length: number): Found[] {
    if (length === 0) return [];
    if (this.#protocol === 'unknown') this.#protocol = this.#protocolOf(payload);
    if (this.#protocol === 'tls') return this.#records(payload, length);
    if (this.#protocol === 'http') return this.#messages(payload);
    if (this.#protocol === 'mysql') return this.#mysql(payload);
    return this.#protocol === 'websocket' ? this.#frames(payload) : [];
  }

  #protocolOf(payload: Uint8Array): 'tls' | 'http' | 'mysql' | 'opaque' {
    const [type = 0, major = 0] = payload;
    if (type >= 0x14 && type <= 0x17 && major === 3) return 'tls';
    const text = textOf(payload);
    if (requestLine.test(text) || statusLine.test(text)) return 'http';
    return this.#isServer && (this.#port === 3306 || payload[4] === 0x0a || payload[4] === 0xff)
      ? 'mysql'
      : 'opaque';
  }

  #records(payload: Uint8Array, length: number): Found[] {
    const found: Found[] = [];
    let at = 0;
    while (at < length && this.#left !== undefined) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, length - at);
        this.#left -= step;
        at += step;
        continue;
      }
      const wanted = headerBytes(this.#header[0] ?? payload[at]) - this.#header.length;
      const part = payload.subarray(at, at + wanted);
      this.#header = Buffer.concat([this.#header, part]);
      at += part.length;
      if (part.length < wanted) {
        // Of a record whose header was not captured, neither length nor kind is known.
        if (at < length) this.#left = undefined;
        break;
      }
      const [type = 0, , , high = 0, low = 0, first = 0, second = 0] = this.#header;
      const size = high * 256 + low;
      this.#left = size + 5 - this.#header.length;
      this.#header = new Uint8Array(0);
      if (type < 0x14 || type > 0x18 || size > 18_432 || this.#left < 0) this.#left = undefined;
      else found.push(...this.#record(type, first, second, size));
    }
    return found;
  }

  #record(type: number, first: number, second: number, size: number): Found[] {
    if (type === 0x14) return [{ is: 'tls', what: 'change', size }];
    if (type === 0x15) return [size === 2 ? { is: 'alert', description: second } : { is: 'alert' }];
    if (type === 0x17) return [{ is: 'tls', what: 'data', size }];
    if (type !== 0x16) return [];
    if (first === 1 && !this.#isServer) return [{ is: 'tls', what: 'client-hello', size }];
    if (first === 2 && this.#isServer) return [{ is: 'tls', what: 'server-hello', size }];
    return [{ is: 'tls', what: 'handshake', size }];
  }

  #messages(payload: Uint8Array): Found[] {
    const text = textOf(payload);
    const [, method, path] = requestLine.exec(text) ?? [];
    if (method !== undefined && path !== undefined) return [{ is: 'request', method, path }];
    const status = statusLine.exec(text)?.[1];
    return status === undefined ? [] : [{ is: 'answer', status: Number(status) }];
  }

  #mysql(payload: Uint8Array): Found[] {
    if (payload.length < 7 || payload[4] !== 0xff) return [];
    return [{ is: 'mysql-error', code: (payload[5] ?? 0) + (payload[6] ?? 0) * 256 }];
  }

  #frames(payload: Uint8Array): Found[] {
    if (payload[0] !== 0x88) return [];
    const isMasked = ((payload[1] ?? 0) & 0x80) !== 0;
    const at = isMasked ? 6 : 2;
    const [a, b] = [payload[at], payload[at + 1]];
    if (a === undefined || b === undefined || ((payload[1] ?? 0) & 0x7f) < 2) return [{ is: 'close-frame' }];
    const mask = isMasked ? [payload[2] ?? 0, payload[3] ?? 0] : [0, 0];
    return [{ is: 'close-frame', code: (a ^ (mask[0] ?? 0)) * 256 + (b ^ (mask[1] ?? 0)) }];
  }
}

/** Of a handshake the kind is of interest, of an alert level and description. */
const headerBytes = (type = 0): number => (type === 0x16 ? 6 : type === 0x15 ? 7 : 5);

const textOf = (payload: Uint8Array): string => Buffer.from(payload.subarray(0, 2_100)).toString('latin1');
