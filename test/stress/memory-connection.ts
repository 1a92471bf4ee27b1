/** A connection through the proxy between two streams in memory, on a clock that the test moves. */
import type net from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { decodeToxic, decodeToxicChange } from '../../proxy/api/decode.ts';
import { quirksOf } from '../../proxy/core/compatibility.ts';
import type { ProxyEventFacts, Stream } from '../../proxy/core/events.ts';
import { parseJson } from '../../proxy/core/json.ts';
import { seededRandom } from '../../proxy/core/random.ts';
import { Connection } from '../../proxy/engine/connection.ts';
import { Toxic } from '../../proxy/engine/toxic.ts';
import { manualClock } from '../support/manual-clock.ts';
import type { HarmlessChange, HarmlessToxic } from './harmless-toxics.ts';

/** Small, so that back-pressure is met soon. */
const highWaterMark = 4_096;

/** What one end of the connection sent and got. */
interface End {
  readonly socket: Duplex;
  readonly received: Buffer[];
  /** The other end's FIN arrived. */
  ended: boolean;
}

export class MemoryConnection {
  readonly clock = manualClock();
  readonly events: ProxyEventFacts[] = [];
  /** What toxics threw. */
  readonly failures: unknown[] = [];
  readonly #toxics: Toxic[] = [];
  readonly #connection: Connection;
  /** By the direction in which it sends. */
  readonly #ends: Readonly<Record<Stream, End>>;
  readonly #sent: Record<Stream, Buffer[]> = { upstream: [], downstream: [] };
  #named = 0;

  constructor(toxics: readonly HarmlessToxic[] = []) {
    const [client, toClient] = duplexPair({ highWaterMark: highWaterMark });
    const [toServer, server] = duplexPair({ highWaterMark: highWaterMark });
    this.#ends = { upstream: end(client), downstream: end(server) };
    for (const toxic of toxics) this.#toxics.push(this.#create(toxic));
    this.#connection = new Connection(
      { number: 1, turn: 1, others: 0, dialler: '' },
      toClient as unknown as net.Socket,
      {
        clock: this.clock,
        dial: () => {
          process.nextTick(() => toServer.emit('connect'));
          return toServer;
        },
        quirks: quirksOf('none'),
        taps: true,
        target: () => ({ host: 'memory', port: 1 }),
        toxics: this.#toxics,
        tls: () => undefined,
        random: seededRandom(1),
        emit: (_connection, facts) => this.events.push(facts),
        failed: (_connection, _toxic, error) => this.failures.push(error),
        admitted: () => {},
        closed: () => {},
      },
    );
    this.#connection.accept();
  }

  /** How many toxics there are. */
  get toxics(): number {
    return this.#toxics.length;
  }

  send(stream: Stream, bytes: Buffer): void {
    this.#sent[stream].push(bytes);
    this.#ends[stream].socket.write(bytes);
  }

  finish(stream: Stream): void {
    this.#ends[stream].socket.end();
  }

  /** Makes the receiver of a direction stop or go on reading. */
  read(stream: Stream, reads: boolean): void {
    const { socket } = this.#receiver(stream);
    if (reads) socket.resume();
    else socket.pause();
  }

  add(toxic: HarmlessToxic): void {
    const created = this.#create(toxic);
    this.#toxics.push(created);
    this.#connection.append(created);
  }

  /** Attributes are changed only where the type is that of the toxic. */
  change(index: number, { type, ...change }: HarmlessChange & { readonly type: string }): void {
    const toxic = this.#toxics[index];
    if (!toxic) return;
    const { attributes, ...reach } = change;
    const json = JSON.stringify(type === toxic.type.type ? { attributes, ...reach } : reach);
    toxic.update(decodeToxicChange(parseJson(json), toxic), this.clock.now());
    this.#connection.update(toxic);
  }

  remove(index: number): void {
    const [toxic] = this.#toxics.splice(index, 1);
    if (toxic) this.#connection.remove(toxic);
  }

  /** How many bytes of a direction arrived so far. @throws when they are not those that were sent, in order */
  arrived(stream: Stream): number {
    const received = this.received(stream);
    const sent = this.given(stream);
    if (received.equals(sent.subarray(0, received.length))) return received.length;
    const place = received.findIndex((byte, index) => byte !== sent[index]);
    throw new Error(`wrong byte ${stream} at ${place} of ${received.length} received, ${sent.length} sent`);
  }

  /** The bytes that arrived so far. */
  received(stream: Stream): Buffer {
    return Buffer.concat(this.#receiver(stream).received);
  }

  /** The bytes that were sent so far. */
  given(stream: Stream): Buffer {
    return Buffer.concat(this.#sent[stream]);
  }

  /** How many bytes were sent in a direction. */
  sent(stream: Stream): number {
    return this.#sent[stream].reduce((sum, { length }) => sum + length, 0);
  }

  /** Bytes of a direction that the proxy read and did not hand on; dropped ones count, too. */
  held(stream: Stream): number {
    const { receivedUp, bytesUp, receivedDown, bytesDown } = this.#connection.facts();
    return stream === 'upstream' ? receivedUp - bytesUp : receivedDown - bytesDown;
  }

  /** The sender's FIN came out at the far end. */
  ended(stream: Stream): boolean {
    return this.#receiver(stream).ended;
  }

  #receiver(stream: Stream): End {
    return this.#ends[stream === 'upstream' ? 'downstream' : 'upstream'];
  }

  #create(toxic: HarmlessToxic): Toxic {
    this.#named += 1;
    const json = JSON.stringify({ name: `t${this.#named}`, ...toxic });
    return new Toxic(decodeToxic(parseJson(json)), this.clock.now());
  }
}

function end(socket: Duplex): End {
  const created: End = { socket, received: [], ended: false };
  socket.on('error', () => {});
  socket.on('data', (bytes: Buffer) => created.received.push(bytes));
  socket.once('end', () => {
    created.ended = true;
  });
  return created;
}
