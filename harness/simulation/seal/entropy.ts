/** Chance: while a simulation runs it comes of its seed, whoever draws. */
import crypto, { type webcrypto } from 'node:crypto';
import { current } from './current.ts';

type Filled = NodeJS.ArrayBufferView;
type Done<T> = (error: Error | null, value: T) => void;

export function sealEntropy(): void {
  const { random } = Math;
  Math.random = () => current()?.entropy.next() ?? random();

  const { randomBytes, randomFillSync, randomFill, randomInt, randomUUID } = crypto;
  const bytes = (size: number): Buffer => fill(Buffer.alloc(size));
  const sealed = {
    randomBytes(size: number, done?: Done<Buffer>): Buffer | undefined {
      if (!current()) return Reflect.apply(randomBytes, crypto, done ? [size, done] : [size]) as Buffer;
      if (!done) return bytes(size);
      process.nextTick(done, null, bytes(size));
      return undefined;
    },
    randomFillSync(buffer: Filled, offset?: number, size?: number): Filled {
      if (!current()) return Reflect.apply(randomFillSync, crypto, [buffer, offset, size]) as Filled;
      return fill(buffer, offset, size);
    },
    randomFill(buffer: Filled, ...rest: unknown[]): void {
      if (!current()) return void Reflect.apply(randomFill, crypto, [buffer, ...rest]);
      const done = rest.pop() as Done<Filled>;
      const [offset, size] = rest as number[];
      process.nextTick(done, null, fill(buffer, offset, size));
    },
    randomInt(first: number, ...rest: unknown[]): number | undefined {
      const simulation = current();
      if (!simulation) return Reflect.apply(randomInt, crypto, [first, ...rest]) as number;
      const done = typeof rest.at(-1) === 'function' ? (rest.pop() as Done<number>) : undefined;
      const [min, max] = typeof rest[0] === 'number' ? [first, rest[0]] : [0, first];
      const drawn = min + Math.floor(simulation.entropy.next() * (max - min));
      if (!done) return drawn;
      process.nextTick(done, null, drawn);
      return undefined;
    },
    randomUUID(options?: object): string {
      return current()
        ? uuid(bytes(16))
        : (Reflect.apply(randomUUID, crypto, options ? [options] : []) as string);
    },
  };
  Object.assign(crypto, sealed, { pseudoRandomBytes: sealed.randomBytes });
  const web = Object.getPrototypeOf(crypto.webcrypto) as webcrypto.Crypto;
  const { getRandomValues, randomUUID: webUuid } = web;
  web.getRandomValues = function <T extends ArrayBufferView>(this: webcrypto.Crypto, array: T): T {
    return current()
      ? (fill(array as unknown as Filled) as unknown as T)
      : (getRandomValues.call(this, array as never) as unknown as T);
  } as typeof getRandomValues;
  web.randomUUID = function (this: webcrypto.Crypto) {
    return current() ? sealed.randomUUID() : webUuid.call(this);
  } as typeof webUuid;
}

function fill<T extends Filled>(view: T, offset = 0, size?: number): T {
  const all = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const part = all.subarray(offset, size === undefined ? undefined : offset + size);
  const entropy = current()?.entropy;
  for (let index = 0; index < part.length; index += 1) part[index] = Math.floor((entropy?.next() ?? 0) * 256);
  return view;
}

/** RFC 9562, version 4. */
function uuid(bytes: Buffer): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
