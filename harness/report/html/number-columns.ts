/**
 * Columns of numbers as bytes. Each number stands as its difference from the one before, in as few bytes as that takes
 * (LEB128 with zigzag, as in Protocol Buffers): a column that rises slowly takes about a byte for each.
 */

/** Columns one after another; their lengths have to be told otherwise. */
export class ColumnWriter {
  readonly #bytes: number[] = [];

  /** Whole numbers below 2^52. */
  write(column: Iterable<number>): this {
    let before = 0;
    for (const value of column) {
      const difference = value - before;
      let left = difference < 0 ? -2 * difference - 1 : 2 * difference;
      for (; left > 0x7f; left = Math.floor(left / 0x80)) this.#bytes.push((left % 0x80) + 0x80);
      this.#bytes.push(left);
      before = value;
    }
    return this;
  }

  /** Numbers of which three decimals count, such as milliseconds of a journal. */
  writeThousandths(column: Float64Array): this {
    return this.write(column.map((value) => Math.round(value * 1_000)));
  }

  /** Numbers below 256, a byte each. */
  writeBytes(column: Uint8Array): this {
    for (const value of column) this.#bytes.push(value);
    return this;
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** Reads columns in the order in which they were written. */
export class ColumnReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Fills the column. */
  read<Column extends Float64Array | Uint32Array>(column: Column): Column {
    const bytes = this.#bytes;
    let at = this.#at;
    let value = 0;
    for (let index = 0; index < column.length; index += 1) {
      let byte = bytes[at++] ?? 0;
      let coded = byte & 0x7f;
      for (let unit = 0x80; byte > 0x7f; unit *= 0x80) {
        byte = bytes[at++] ?? 0;
        coded += (byte & 0x7f) * unit;
      }
      value += coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
      column[index] = value;
    }
    this.#at = at;
    return column;
  }

  readThousandths(length: number): Float64Array {
    const column = this.read(new Float64Array(length));
    for (let index = 0; index < length; index += 1) column[index] = (column[index] ?? 0) / 1_000;
    return column;
  }

  /** A view, not a copy. */
  readBytes(length: number): Uint8Array {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
