/** What a check works with: one server's API, servers behind its proxies and clients before them. All ends with it. */
import { once } from 'node:events';
import net from 'node:net';
import { type Answer, json, normalise, request, said } from './api.ts';
import type { Fact } from './facts.ts';
import { Peer } from './peer.ts';
import type { Program } from './subject.ts';

/** What a test server does with a connection. */
export type Serve = (peer: Peer) => void;

/** A toxic as a client sends it. */
export interface ToxicBody {
  readonly type: string;
  readonly name?: string;
  readonly stream?: string;
  readonly toxicity?: number;
  readonly attributes?: object;
}

/** A server behind a proxy. */
export interface TestServer {
  readonly port: number;
  /** Its connections, in order. */
  readonly peers: readonly Peer[];
  /** The connection that comes next, or came and was not asked for yet. */
  next(): Promise<Peer>;
}

/** A proxy as the API describes it. */
export interface ProxyJson {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly ToxicBody[];
}

/** Both ends of a connection through a proxy. */
export interface Pair {
  readonly client: Peer;
  readonly server: Peer;
}

/** The server under test as a program. */
export interface Launcher {
  /** Starts one more of it and waits until its API answers. */
  serve(flags: readonly string[]): Promise<Program>;
  /** Runs it with these flags alone. */
  run(flags: readonly string[]): Omit<Program, 'url'>;
}

export class Bench implements AsyncDisposable {
  /** Ports by the names that answers show them with. */
  readonly names = new Map<number, string>();
  readonly url: string;
  readonly #launcher: Launcher | undefined;
  readonly #undo = new AsyncDisposableStack();

  /** `launcher` is for checks that start the server as a program. */
  constructor(url: string, launcher?: Launcher) {
    this.url = url;
    this.#launcher = launcher;
  }

  /** A bench for a server of the same kind that is started as a program. */
  async program(...flags: string[]): Promise<{ readonly bench: Bench; readonly program: Program }> {
    const program = this.#undo.use(await this.#programs.serve(flags));
    return { program, bench: this.#undo.use(new Bench(program.url, this.#launcher)) };
  }

  /** Runs the program of this server with flags alone. */
  run(...flags: string[]): Omit<Program, 'url'> {
    return this.#undo.use(this.#programs.run(flags));
  }

  /** What has to be undone at the end. */
  defer(undo: () => Promise<void>): void {
    this.#undo.defer(undo);
  }

  api(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    return request(this.url, method, path, body, headers);
  }

  /** Sends a request and gives its answer for comparison. */
  async asks(method: string, path: string, body?: unknown): Promise<Fact> {
    return this.said(await this.api(method, path, body));
  }

  said(answer: Answer): Fact {
    return said(answer, this.names);
  }

  /** Text with this check's ports named. */
  named(text: string): string {
    return normalise(text, this.names);
  }

  /** A server; the first is called S, the next S2 and so on. */
  async server(serve: Serve = () => {}, port = 0): Promise<TestServer> {
    const peers: Peer[] = [];
    let taken = 0;
    let arrived = Promise.withResolvers<void>();
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      const peer = new Peer(socket);
      peers.push(peer);
      serve(peer);
      arrived.resolve();
      arrived = Promise.withResolvers();
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.#undo.defer(() => {
      server.close();
      for (const { socket } of peers) socket.destroy();
    });
    const { port: bound } = server.address() as net.AddressInfo;
    this.names.set(bound, `S${this.#count('S')}`);
    return {
      port: bound,
      peers,
      async next() {
        for (;;) {
          const peer = peers[taken];
          if (peer) {
            taken += 1;
            return peer;
          }
          await arrived.promise;
        }
      },
    };
  }

  /** A server that sends back what it gets, and ends when the client does. */
  echo(): Promise<TestServer> {
    return this.server(({ socket }) => socket.pipe(socket));
  }

  /** A port that nobody listens on. */
  async unusedPort(): Promise<number> {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    server.close();
    await once(server, 'close');
    this.names.set(port, `unused${this.#count('unused')}`);
    return port;
  }

  /** Creates a proxy to a port of loopback with toxics, and gives back its own port. */
  async proxy(
    upstreamPort: number,
    toxics: readonly ToxicBody[] = [],
    { name = 'p', listen = '127.0.0.1:0' } = {},
  ): Promise<number> {
    const body = { name, listen, upstream: `127.0.0.1:${upstreamPort}` };
    const created = await this.must('POST', '/proxies', body);
    for (const toxic of toxics) await this.toxic(toxic, name);
    const port = portOf(json<ProxyJson>(created).listen);
    this.names.set(port, `P${this.#count('P')}`);
    return port;
  }

  /** Adds a toxic. */
  async toxic(toxic: ToxicBody, proxy = 'p'): Promise<void> {
    await this.must('POST', `/proxies/${proxy}/toxics`, toxic);
  }

  /** The proxy as it is now. */
  async shows(name = 'p'): Promise<ProxyJson> {
    return json<ProxyJson>(await this.must('GET', `/proxies/${name}`));
  }

  /** A request that has to succeed. */
  async must(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.api(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  /** A client; settled when it is connected or refused. */
  async client(port: number, host = '127.0.0.1'): Promise<Peer> {
    const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
    this.#undo.defer(() => void socket.destroy());
    const peer = new Peer(socket);
    await Promise.race([once(socket, 'connect').catch(() => {}), peer.ended()]);
    return peer;
  }

  /** A client through a proxy, and its connection at the server. */
  async pair(port: number, server: TestServer): Promise<Pair> {
    const client = await this.client(port);
    return { client, server: await server.next() };
  }

  /** Whether a client can connect. */
  async reach(port: number, host?: string): Promise<'connected' | 'refused'> {
    const client = await this.client(port, host);
    client.socket.destroy();
    return client.open || (await client.ended(0)).how !== 'refused' ? 'connected' : 'refused';
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#undo.disposeAsync();
  }

  get #programs(): Launcher {
    if (!this.#launcher) throw new Error('Expected a bench that can start programs');
    return this.#launcher;
  }

  #count(prefix: string): string {
    const known = [...this.names.values()].filter((name) => name.startsWith(prefix)).length;
    return known === 0 ? '' : String(known + 1);
  }
}

/** The port of `host:port`. */
export function portOf(listen: string): number {
  return Number(listen.slice(listen.lastIndexOf(':') + 1));
}
