/**
 * Reads field blocks of HTTP/2, and writes them without state (HPACK, RFC 7541). Both ends keep a table of the fields
 * that were sent, and later blocks refer to it: whoever takes a block out of a connection has to write the ones behind
 * it anew.
 */
import { decodeHuffman } from './hpack-huffman.ts';

/** A field line. */
export interface HeaderField {
  /** In lower case; `:method` and the like are pseudo-header fields (RFC 9113, section 8.3). */
  readonly name: string;
  readonly value: string;
  /** Whoever passes it on must not put it into a table either (section 6.2.3): passwords, cookies. */
  readonly neverIndexed: boolean;
}

/** What a block says. */
export interface FieldBlock {
  readonly fields: readonly HeaderField[];
  /** The changes of the table's size that it begins with (section 6.3), as they were on the wire. */
  readonly sizeUpdates: Buffer;
}

/** Section 4.2: until the receiver allows another. */
const initialTableBytes = 4_096;
/** What no implementation offers; larger tables are not followed. */
const largestTableBytes = 1_048_576;
/** Of all fields of a block together: a few bytes can stand for megabytes of what is in the table (section 7.3). */
const largestListBytes = 1_048_576;
/** Section 4.1: what an entry counts beside its name and value. */
const entryOverhead = 32;

/** Appendix A, from index 1: `name`, or `name=value`. */
const staticTable: readonly HeaderField[] =
  `:authority :method=GET :method=POST :path=/ :path=/index.html :scheme=http :scheme=https :status=200 :status=204
  :status=206 :status=304 :status=400 :status=404 :status=500 accept-charset accept-encoding=gzip,_deflate
  accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control
  content-disposition content-encoding content-language content-length content-location content-range content-type
  cookie date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since
  last-modified link location max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after
  server set-cookie strict-transport-security transfer-encoding user-agent vary via www-authenticate`
    .split(/\s+/)
    .map((entry) => entry.split('='))
    .map(([name = '', value = '']) => ({ name, value: value.replace('_', ' '), neverIndexed: false }));

/** The receiver's side of one direction of a connection. */
export class FieldBlockReader {
  /** The latest first. */
  readonly #table: HeaderField[] = [];
  #tableBytes = 0;
  #largestBytes = initialTableBytes;

  /** To be called for every block in turn; undefined for one that cannot be read, after which none can. */
  read(block: Buffer): FieldBlock | undefined {
    const input = new Input(block);
    const fields: HeaderField[] = [];
    let listBytes = 0;
    let updatesEnd = 0;
    while (!input.done) {
      const first = input.peek();
      if ((first & 0xe0) === 0x20) {
        if (fields.length > 0) return undefined;
        this.#resize(input.integer(5));
        updatesEnd = input.at;
      } else {
        const field = first & 0x80 ? this.#entry(input.integer(7)) : this.#literal(first, input);
        if (field === undefined || input.broken) return undefined;
        fields.push(field);
        listBytes += sizeOf(field);
        if (listBytes > largestListBytes) return undefined;
      }
      if (input.broken || this.#largestBytes > largestTableBytes) return undefined;
    }
    return { fields, sizeUpdates: block.subarray(0, updatesEnd) };
  }

  #literal(first: number, input: Input): HeaderField | undefined {
    const indexed = (first & 0x40) !== 0;
    const index = input.integer(indexed ? 6 : 4);
    const name = index === 0 ? input.text() : this.#entry(index)?.name;
    const value = input.text();
    if (name === undefined || value === undefined) return undefined;
    const field = { name, value, neverIndexed: (first & 0xf0) === 0x10 };
    if (indexed) this.#add(field);
    return field;
  }

  #entry(index: number): HeaderField | undefined {
    return index <= staticTable.length ? staticTable[index - 1] : this.#table[index - staticTable.length - 1];
  }

  #add(field: HeaderField): void {
    this.#table.unshift(field);
    this.#tableBytes += sizeOf(field);
    this.#evict();
  }

  #resize(bytes: number): void {
    this.#largestBytes = bytes;
    this.#evict();
  }

  #evict(): void {
    while (this.#tableBytes > this.#largestBytes) {
      const oldest = this.#table.pop();
      if (oldest) this.#tableBytes -= sizeOf(oldest);
    }
  }
}

const sizeOf = ({ name, value }: HeaderField): number => name.length + value.length + entryOverhead;

/** Writes a block that needs no table and changes none: literals without indexing (section 6.2.2), in clear. */
export function writeFieldBlock({ fields, sizeUpdates }: FieldBlock): Buffer {
  const literals = fields.flatMap(({ name, value, neverIndexed }) => [
    Buffer.from([neverIndexed ? 0x10 : 0x00]),
    writeText(name),
    writeText(value),
  ]);
  return Buffer.concat([sizeUpdates, ...literals]);
}

function writeText(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([writeInteger(bytes.length, 7), bytes]);
}

/** Section 5.1, behind bits that are all 0. */
function writeInteger(value: number, prefixBits: number): Buffer {
  const most = 2 ** prefixBits - 1;
  if (value < most) return Buffer.from([value]);
  const bytes = [most];
  let rest = value - most;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** A block that is read from its beginning. */
class Input {
  at = 0;
  /** Whether something was cut short or cannot be. */
  broken = false;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  peek(): number {
    return this.#bytes[this.at] ?? 0;
  }

  /** Section 5.1; the bits before it in its first byte do not count. */
  integer(prefixBits: number): number {
    const most = 2 ** prefixBits - 1;
    let value = this.#byte() & most;
    if (value < most) return value;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER || scale > 2 ** 28) this.broken = true;
      if (this.broken || (byte & 0x80) === 0) return value;
    }
  }

  /** Section 5.2, each byte as a character. */
  text(): string | undefined {
    const huffman = (this.peek() & 0x80) !== 0;
    const length = this.integer(7);
    const end = this.at + length;
    if (this.broken || end > this.#bytes.length) {
      this.broken = true;
      return undefined;
    }
    const bytes = this.#bytes.subarray(this.at, end);
    this.at = end;
    return (huffman ? decodeHuffman(bytes) : bytes)?.toString('latin1');
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    this.at += 1;
    if (byte === undefined) this.broken = true;
    return byte ?? 0;
  }
}
