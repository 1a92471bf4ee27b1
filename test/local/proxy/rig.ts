/** Servers, clients and a proxy server for tests over real sockets. Everything ends with the rig. */
import { once } from 'node:events';
import net from 'node:net';
import { seededRandom } from '../../../proxy/core/random.ts';
import {
  type ConnectionEvent,
  type ProxyOptions,
  type StartedProxy,
  startProxy,
} from '../../../proxy/index.ts';

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export class Rig implements AsyncDisposable {
  readonly events: ConnectionEvent[] = [];
  readonly #undo = new AsyncDisposableStack();
  #proxies: StartedProxy | undefined;
  #ignoresGivenToxics = false;

  static async start({ seed = 1, ...options }: ProxyOptions & { seed?: number } = {}): Promise<Rig> {
    const rig = new Rig();
    rig.#ignoresGivenToxics = options.compatibility === 'toxiproxy';
    rig.#proxies = rig.#undo.use(
      await startProxy({
        random: seededRandom(seed),
        onEvent: (event) => {
          if (event.connection !== undefined) rig.events.push(event);
        },
        ...options,
      }),
    );
    return rig;
  }

  get server(): StartedProxy {
    if (!this.#proxies) throw new Error('Expected the rig to be started');
    return this.#proxies;
  }

  /** A TCP server; gives back its port. */
  async serve(onConnection: (socket: net.Socket) => void): Promise<number> {
    const sockets = new Set<net.Socket>();
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      onConnection(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#undo.defer(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return (server.address() as net.AddressInfo).port;
  }

  /** A server that sends back what it gets, and ends when the client does. */
  serveEcho(): Promise<number> {
    return this.serve((socket) => socket.pipe(socket));
  }

  /** A proxy to a port on loopback; gives back its own port. */
  async proxy(upstreamPort: number, toxics: readonly object[] = [], name = 'p'): Promise<number> {
    const body = { name, listen: '127.0.0.1:0', upstream: `127.0.0.1:${upstreamPort}`, toxics };
    const { status, json, text } = await this.api('POST', '/proxies', body);
    if (status !== 201) throw new Error(text);
    if (this.#ignoresGivenToxics) for (const toxic of toxics) await this.addToxic(toxic, name);
    return Number((json as { listen: string }).listen.split(':').at(-1));
  }

  /** A request to the API; a string is sent as it is. */
  async api(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await fetch(`${this.server.url}${path}`, { method, redirect: 'manual', headers, ...init });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: parseOrUndefined(text) };
  }

  addToxic(toxic: object, name = 'p'): Promise<ApiAnswer> {
    return this.api('POST', `/proxies/${name}/toxics`, toxic);
  }

  /** A connected client. */
  async connect(port: number): Promise<Client> {
    const client = new Client(port);
    this.#undo.defer(() => client.destroy());
    await client.connected;
    return client;
  }

  /** Events of a kind, on one connection when that is given. */
  eventsOf<T extends ConnectionEvent['type']>(
    type: T,
    connection?: number,
  ): Extract<ConnectionEvent, { type: T }>[] {
    return this.events.filter(
      (event): event is Extract<ConnectionEvent, { type: T }> =>
        event.type === type && (connection === undefined || event.connection === connection),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#undo.disposeAsync();
  }
}

/** How a client's connection ended, and what it had got by then. */
export interface Ending {
  readonly how: 'end' | 'ECONNRESET' | string;
  readonly atMs: number;
}

/** A client that keeps what it gets, with the time. It does not end its own side when the peer ends. */
export class Client {
  readonly connected: Promise<void>;
  /** Settles when the peer ended or reset. */
  readonly ending: Promise<Ending>;
  readonly socket: net.Socket;
  readonly #started = performance.now();
  readonly #received: { readonly atMs: number; readonly bytes: Buffer }[] = [];
  #more = Promise.withResolvers<void>();

  constructor(port: number) {
    this.socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    this.connected = once(this.socket, 'connect').then(() => {});
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.ending = promise;
    const settle = (how: string): void => resolve({ how, atMs: this.#elapsed() });
    this.socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    this.socket.once('end', () => settle('end'));
    this.socket.on('data', (bytes: Buffer) => {
      this.#received.push({ atMs: this.#elapsed(), bytes });
      this.#more.resolve();
      this.#more = Promise.withResolvers();
    });
  }

  get text(): string {
    return Buffer.concat(this.#received.map(({ bytes }) => bytes)).toString('latin1');
  }

  get receivedBytes(): number {
    return this.#received.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  write(data: string | Buffer): void {
    this.socket.write(data);
  }

  /** Waits until so many bytes came; gives back how long that took from now, in ms. */
  async receive(bytes: number): Promise<number> {
    const from = performance.now();
    while (this.receivedBytes < bytes) await this.#more.promise;
    return performance.now() - from;
  }

  destroy(): void {
    this.socket.destroy();
  }

  #elapsed(): number {
    return performance.now() - this.#started;
  }
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a client sees no end of its connection for so long. */
export async function staysOpen(client: Client, ms = 150): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<string>();
  setTimeout(resolve, ms, 'open');
  return (await Promise.race([client.ending, promise])) === 'open';
}

/** A server that echoes, and tells how many came, what it got and how they ended. */
export async function observed(rig: Rig) {
  const seen = { connections: 0, bytes: 0, ends: [] as string[] };
  const port = await rig.serve((socket) => {
    seen.connections += 1;
    socket.on('data', (bytes) => {
      seen.bytes += bytes.length;
      socket.write(bytes);
    });
    socket.on('end', () => seen.ends.push('end'));
    socket.on('error', (error: NodeJS.ErrnoException) => seen.ends.push(error.code ?? ''));
  });
  return { port, seen };
}

/** Sends a text and waits for as many bytes of an answer. */
export async function say(client: Client, text: string): Promise<void> {
  const before = client.receivedBytes;
  client.write(text);
  await client.receive(before + text.length);
}
