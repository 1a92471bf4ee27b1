/**
 * What one end of an exchange sends and the other expects: bytes from a pool of random ones, so that a byte lost,
 * doubled, changed or out of order shows at its place. Both ends keep a hash besides.
 */
import { createHash } from 'node:crypto';
import { seededRandom } from '../../../proxy/core/random.ts';

/** A prime, so that no usual chunk size divides it. */
const poolBytes = 1_048_573;

const pool = createPool();

function createPool(): Buffer {
  const random = seededRandom('soak content');
  return Buffer.from(Array.from({ length: poolBytes }, () => Math.floor(random.next() * 256)));
}

/** The bytes of one direction, from one end's view. */
export class Content {
  readonly length: number;
  readonly #start: number;
  readonly #hash = createHash('sha256');
  #position = 0;

  /** `start` is a place in the pool. */
  constructor(start: number, length: number) {
    this.#start = start % poolBytes;
    this.length = length;
  }

  /** Bytes sent, or received in good order. */
  get position(): number {
    return this.#position;
  }

  get complete(): boolean {
    return this.#position === this.length;
  }

  /** The next bytes to send, at most `bytes`. */
  take(bytes: number): Buffer {
    const from = (this.#start + this.#position) % poolBytes;
    const size = Math.min(bytes, this.length - this.#position, poolBytes - from);
    const taken = pool.subarray(from, from + size);
    this.#advance(taken);
    return taken;
  }

  /** Compares what was received with what comes next. @throws at the first difference, with its place */
  receive(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) {
      const expected = this.take(bytes.length - from);
      if (expected.length === 0) throw new Error(`${bytes.length - from} bytes more than were sent`);
      const actual = bytes.subarray(from, from + expected.length);
      if (!actual.equals(expected)) {
        const first = actual.findIndex((byte, index) => byte !== expected[index]);
        throw new Error(`wrong byte at ${this.#position - expected.length + first} of ${this.length}`);
      }
      from += expected.length;
    }
  }

  /** The hash of what was sent or received so far; the last call of all. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  #advance(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#position += bytes.length;
  }
}
