/** A connection through a proxy without sockets: streams in memory that end and reset as TCP's do, on a clock that stands still. */
import type net from 'node:net';
import { Duplex } from 'node:stream';
import { decodeToxic } from '../../../proxy/api/decode.ts';
import { quirksOf } from '../../../proxy/core/compatibility.ts';
import type { ProxyEventFacts, Stream } from '../../../proxy/core/events.ts';
import { parseJson } from '../../../proxy/core/json.ts';
import { seededRandom } from '../../../proxy/core/random.ts';
import { Connection } from '../../../proxy/engine/connection.ts';
import { Toxic } from '../../../proxy/engine/toxic.ts';
import { manualClock } from '../../support/manual-clock.ts';

/** One end of a connection. What it writes, its FIN and its RST arrive at `peer`. */
class MemorySocket extends Duplex {
  peer: MemorySocket | undefined;

  constructor() {
    super({ allowHalfOpen: true });
    // One that was never dialled has nobody else to listen.
    this.on('error', () => {});
  }

  /** As `net.Socket`'s; in memory nothing is probed. */
  setKeepAlive(): this {
    return this;
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.peer?.push(bytes);
    done();
  }

  override _final(done: () => void): void {
    this.peer?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { peer } = this;
    if (error) peer?.destroy(error);
    else if (!this.writableFinished && !peer?.destroyed) peer?.push(null);
    done(error);
  }
}

function pair(): [MemorySocket, MemorySocket] {
  const ends: [MemorySocket, MemorySocket] = [new MemorySocket(), new MemorySocket()];
  [ends[0].peer, ends[1].peer] = [ends[1], ends[0]];
  return ends;
}

/** What a peer has seen of the end of its connection. */
export type Seen = 'FIN' | 'RST' | 'nothing';

/** A client or a server: it reads all, and answers a FIN by its own. */
export class Peer {
  seen: Seen = 'nothing';
  readonly #socket: MemorySocket;

  constructor(socket: MemorySocket) {
    this.#socket = socket;
    socket.on('error', () => {
      this.seen = 'RST';
    });
    socket.once('end', () => {
      if (this.seen === 'nothing') this.seen = 'FIN';
      socket.end();
    });
    socket.resume();
  }

  write(bytes: Buffer): void {
    if (!this.#socket.writableEnded && !this.#socket.destroyed) this.#socket.write(bytes);
  }

  fin(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  }
}

/** A client and a server on either side of a proxy with one toxic. */
export class MemoryConnection {
  readonly clock = manualClock();
  readonly events: ProxyEventFacts[] = [];
  readonly client: Peer;
  readonly server: Peer;
  readonly toxic: Toxic;
  readonly connection: Connection;
  readonly #toxics: Toxic[];

  /** `json` is a toxic as a client sends it. */
  constructor(json: object) {
    const { clock, events } = this;
    const [clientEnd, accepted] = pair();
    const [dialled, serverEnd] = pair();
    this.toxic = new Toxic(decodeToxic(parseJson(JSON.stringify(json))), clock.now());
    this.#toxics = [this.toxic];
    this.connection = new Connection(
      { number: 1, turn: 1, others: 0, dialler: '' },
      accepted as unknown as net.Socket,
      {
        clock,
        quirks: quirksOf('none'),
        toxics: this.#toxics,
        random: seededRandom(1),
        taps: false,
        target: () => ({ host: 'server', port: 1 }),
        tls: () => undefined,
        dial: () => {
          queueMicrotask(() => dialled.emit('connect'));
          return dialled;
        },
        emit: (_connection, facts) => events.push(facts),
        failed: (_connection, _toxic, error) => {
          throw error;
        },
        admitted: () => {},
        closed: () => {},
      },
    );
    this.client = new Peer(clientEnd);
    this.server = new Peer(serverEnd);
    this.connection.accept();
  }

  /** Deletes the toxic. */
  lift(): void {
    this.#toxics.length = 0;
    this.connection.remove(this.toxic);
  }

  /** What the peer of that direction writes. */
  write(stream: Stream, bytes: Buffer): void {
    (stream === 'upstream' ? this.client : this.server).write(bytes);
  }
}
