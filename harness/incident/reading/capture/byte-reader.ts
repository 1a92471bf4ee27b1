/** Reads a stream by exact amounts; no more than what is asked for, and one chunk, is in memory. */

export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  /** Bytes that were taken so far. */
  position = 0;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or as many as there are. */
  async read(length: number): Promise<Uint8Array> {
    while (this.#rest.length < length) {
      const { value, done } = await this.#chunks.next();
      if (done === true) break;
      this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    }
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(bytes.length);
    this.position += bytes.length;
    return bytes;
  }

  /** Leaves bytes out without holding them. */
  async skip(length: number): Promise<void> {
    let left = length;
    while (left > 0) {
      const skipped = await this.read(Math.min(left, 64 * 1024));
      if (skipped.length === 0) return;
      left -= skipped.length;
    }
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
