/** Stops of a server that was flooded a moment before: each ends the program in time, whatever was under way. */
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { seededRandom } from '../../proxy/core/random.ts';
import { resetStream } from '../../proxy/core/sockets.ts';
import { toxicTypes } from '../../proxy/index.ts';
import { ProxyCommand } from '../local/proxy/program/command.ts';

const stops = Number(process.env.STOPS ?? 8);
const floodMs = Number(process.env.FLOOD_MS ?? 1_000);
const types = [...toxicTypes.keys()];

/** An echo server; gives back where it listens. */
async function echo(): Promise<AsyncDisposable & { readonly address: string }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Clients of a server that do what they like until it is over. */
class Flood {
  over = false;
  readonly #api: number;
  readonly #upstream: string;
  readonly #random;
  readonly #ports: number[] = [];
  readonly #sockets = new Set<net.Socket>();

  constructor(api: number, upstream: string, seed: string) {
    this.#api = api;
    this.#upstream = upstream;
    this.#random = seededRandom(seed);
  }

  /** So many clients of the API, so many of the proxies, and so many that read events. */
  async run(clients: number): Promise<void> {
    const each = (work: () => Promise<void>) => Array.from({ length: clients }, work);
    const events = 'GET /events HTTP/1.1\r\nHost: a\r\n\r\n';
    await Promise.all([
      ...each(() => this.#again(() => this.#ask())),
      ...each(() => this.#again(() => this.#talk())),
      ...each(() => this.#visit(this.#api, events, floodMs * 2)),
    ]);
  }

  end(): void {
    this.over = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  async #again(work: () => Promise<void>): Promise<void> {
    while (!this.over) await work();
  }

  #below(count: number): number {
    return Math.floor(this.#random.next() * count);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)] as T;
  }

  /** Up to three requests at once. */
  async #ask(): Promise<void> {
    const requests = Array.from({ length: 1 + this.#below(3) }, () => this.#request());
    await this.#visit(this.#api, requests.join(''), this.#below(100));
  }

  #request(): string {
    const name = `p${this.#below(20)}`;
    const stream = this.#pick(['upstream', 'downstream', 'both']);
    const toxic = { type: this.#pick(types), stream, name: `t${this.#below(5)}` };
    const proxy = { name, listen: '127.0.0.1:0', upstream: this.#upstream };
    const [method, path, body] = this.#pick<readonly [string, string, unknown]>([
      ['POST', '/proxies', { ...proxy, toxics: [toxic] }],
      ['POST', '/proxies', { ...proxy, tls: {} }],
      ['POST', '/populate', [proxy, { ...proxy, name: `${name}x` }]],
      ['DELETE', `/proxies/${name}`, ''],
      ['POST', `/proxies/${name}/toxics`, toxic],
      ['DELETE', `/proxies/${name}/toxics/${toxic.name}`, ''],
      ['POST', '/reset', ''],
      ['GET', '/connections', ''],
      ['GET', '/proxies/gr\u00f6\u00dfe', ''],
      ['NONSENSE', '\u0000', ''],
    ]);
    const text = JSON.stringify(body);
    return `${method} ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  }

  async #talk(): Promise<void> {
    const port = this.#pick(this.#ports.slice(-20));
    if (port === undefined) return sleep(10);
    const greetings = [
      'x'.repeat(90_000),
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
      '\u0016\u0003\u0001\u0000',
      '',
    ];
    await this.#visit(port, this.#pick(greetings), this.#below(300));
  }

  /** Connects, sends, perhaps ends its side, and leaves after a while by closing or by a reset. */
  #visit(port: number, text: string, forMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const gone = (): void => {
      clearTimeout(leaving);
      this.#sockets.delete(socket);
      resolve();
    };
    const leave = this.#pick([() => void socket.destroy(), () => resetStream(socket)]);
    // Node says no `close` of a socket that is reset while its FIN leaves.
    const leaving = setTimeout(() => {
      leave();
      setTimeout(gone, 500);
    }, forMs);
    const half = this.#random.next() < 0.4;
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      for (const [, found] of String(bytes).matchAll(/"listen":"127\.0\.0\.1:(\d+)"/g)) {
        this.#ports.push(Number(found));
      }
    });
    socket.once('connect', () => void (half ? socket.end(text) : socket.write(text)));
    socket.once('close', gone);
    return promise;
  }
}

it(`ends when it is stopped after a flood, ${stops} times`, { timeout: 600_000 }, async () => {
  await using server = await echo();
  for (let stop = 1; stop <= stops; stop += 1) {
    await using proxy = await ProxyCommand.start([], { LOG_LEVEL: 'info' });
    const flood = new Flood(Number(new URL(proxy.url).port), server.address, `flood ${stop}`);
    const flooding = flood.run(10);
    await sleep(floodMs);
    if (stop % 2 === 0) flood.over = true;

    // Two seconds, and what a busy machine adds.
    const ended = await Promise.race([proxy.stop(), sleep(10_000)]);

    flood.end();
    await flooding;
    expect(ended, `stop ${stop}`).toMatchObject({ code: 0, stderr: '' });
  }
});
