/** A page about a proxy server with two links to an echo server, and clients of them. */
import net from 'node:net';
import { type PageOptions, startPage } from '../../../harness/page/index.ts';
import { type StartedProxy, startProxy } from '../../../proxy/index.ts';

export const token = 'token-of-the-test-page';

export interface PageRig extends AsyncDisposable {
  readonly proxies: StartedProxy;
  /** The address of the page, with the token. */
  readonly url: string;
  /** `127.0.0.1:PORT` of the page. */
  readonly host: string;
  /** Connects to a link and says a word, which comes back. */
  dial(link: string): Promise<net.Socket>;
  /** Asks the page as its own script does. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  act(name: string, given: object): Promise<Response>;
}

/** A name as nobody would give it, unless to see what a page makes of it. */
export const hostileName = `<img src=x onerror="document.title='owned'">'"&\u202e`;

export async function startRig(options: Partial<PageOptions> = {}): Promise<PageRig> {
  await using held = new AsyncDisposableStack();
  const upstream = await echo(held);
  const proxies = held.use(
    await startProxy({
      seed: 1,
      proxies: ['api', hostileName].map((name) => ({ name, upstream: `127.0.0.1:${upstream}` })),
    }),
  );
  const page = held.use(await startPage({ proxies, title: 'a test', token, ...options }));
  const running = held.move();
  const { host, origin } = new URL(page.url);
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${origin}${path}`, { ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } });
  return {
    proxies,
    url: page.url,
    host,
    ask,
    act: (name, given) =>
      ask(`/act/${name}`, {
        method: 'POST',
        body: JSON.stringify(given),
        headers: { 'Content-Type': 'application/json' },
      }),
    async dial(link) {
      const socket = net.connect(proxies.proxy(link).port, '127.0.0.1');
      running.defer(() => void socket.destroy());
      socket.on('error', () => {});
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.once('data', () => resolve()).write('hello');
      await promise;
      return socket;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function echo(held: AsyncDisposableStack): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).pipe(socket);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => resolve());
  await promise;
  held.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as net.AddressInfo).port;
}
