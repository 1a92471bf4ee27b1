/**
 * One exchange over one connection through the proxy: both ends send at the same time what the plan says, compare what
 * they get byte by byte, and in the end their hashes.
 *
 *     client ── number, up ──► proxy ──► server
 *            ◄── down ────────      ◄──
 */
import { once } from 'node:events';
import net from 'node:net';
import type { Clock } from '../../../proxy/core/clock.ts';
import { Content } from './content.ts';
import type { ExchangePlan, FlowPlan } from './plan.ts';

/** The exchange's number goes before the bytes, so that the server knows which one it is. */
export const headerBytes = 4;

export class Exchange {
  readonly number: number;
  readonly #plan: ExchangePlan;
  readonly #clock: Clock;
  readonly #over = new AbortController();
  readonly #sent: Readonly<Record<'up' | 'down', Content>>;
  readonly #received: Readonly<Record<'up' | 'down', Content>>;
  readonly #serverSocket = Promise.withResolvers<net.Socket>();

  constructor(number: number, plan: ExchangePlan, clock: Clock) {
    this.number = number;
    this.#plan = plan;
    this.#clock = clock;
    const contents = () => ({
      up: new Content(plan.up.start, plan.up.bytes),
      down: new Content(plan.down.start, plan.down.bytes),
    });
    this.#sent = contents();
    this.#received = contents();
  }

  get bytes(): number {
    return this.#received.up.position + this.#received.down.position;
  }

  /** How far it came, for an error message. */
  get progress(): string {
    const part = (way: 'up' | 'down'): string =>
      `${way} ${this.#received[way].position} received of ${this.#sent[way].position} sent of ${this.#plan[way].bytes}`;
    return `${part('up')}, ${part('down')}${this.#plan.resetBy ? `, reset by ${this.#plan.resetBy}` : ''}`;
  }

  /** The server accepted this exchange's connection and read the header from it. */
  serve(socket: net.Socket): void {
    this.#serverSocket.resolve(socket);
  }

  /** Runs it through the proxy on `port`. @throws what went wrong, `deadlineMs` over included */
  async run(port: number, deadlineMs: number): Promise<void> {
    const client = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    client.on('error', () => {});
    const deadline = this.#clock.sleep(deadlineMs, this.#over.signal).then(
      () => Promise.reject(new Error(`not done after ${deadlineMs} ms`)),
      () => {},
    );
    try {
      await Promise.race([this.#converse(client), deadline]);
    } finally {
      this.#over.abort();
      client.destroy();
      void this.#serverSocket.promise.then((server) => server.destroy());
    }
  }

  async #converse(client: net.Socket): Promise<void> {
    await once(client, 'connect');
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32BE(this.number);
    client.write(header);
    const server = await this.#serverSocket.promise;
    const { up, down, resetBy } = this.#plan;
    await Promise.all([
      this.#send(client, this.#sent.up, up, resetBy === 'client'),
      this.#receive(server, this.#received.up, up),
      this.#send(server, this.#sent.down, down, resetBy === 'server'),
      this.#receive(client, this.#received.down, down),
    ]);
    if (!resetBy) this.#compareHashes();
  }

  async #send(socket: net.Socket, content: Content, plan: FlowPlan, resets: boolean): Promise<void> {
    const goal = resets ? content.length / 2 : content.length;
    while (content.position < goal) {
      if (socket.destroyed) return;
      const hasRoom = socket.write(content.take(plan.pieceBytes));
      if (!hasRoom) await drained(socket);
      if (plan.pauseMs > 0) await this.#pause(plan.pauseMs);
    }
    if (resets) socket.resetAndDestroy();
    else socket.end();
  }

  /** Settles at the sender's FIN. @throws on a wrong byte, and on a reset that is not in the plan */
  #receive(socket: net.Socket, content: Content, plan: FlowPlan): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let unread = plan.readBytes;
    socket.on('data', (bytes: Buffer) => {
      try {
        content.receive(bytes);
      } catch (error) {
        reject(error);
      }
      unread -= bytes.length;
      if (unread > 0 || plan.readPauseMs === 0) return;
      unread = plan.readBytes;
      socket.pause();
      void this.#pause(plan.readPauseMs).then(() => socket.resume());
    });
    socket.once('end', () => {
      if (content.complete || this.#plan.resetBy) resolve();
      else reject(new Error('FIN before the last byte'));
    });
    socket.once('close', () => {
      if (socket.readableEnded || this.#plan.resetBy) resolve();
      else reject(new Error('the connection broke'));
    });
    return promise;
  }

  #compareHashes(): void {
    for (const way of ['up', 'down'] as const) {
      const [sent, received] = [this.#sent[way].digest(), this.#received[way].digest()];
      if (sent !== received) throw new Error(`hashes differ ${way}: ${sent} sent, ${received} received`);
    }
  }

  #pause(ms: number): Promise<void> {
    return this.#clock.sleep(ms, this.#over.signal).catch(() => {});
  }
}

/** Settles when the socket takes more, or is closed. */
function drained(socket: net.Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => {
    socket.off('drain', done).off('close', done);
    resolve();
  };
  socket.once('drain', done).once('close', done);
  return promise;
}
