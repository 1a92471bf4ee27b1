/** What the platform gives to threads, and a simulation needs at once: key pairs, WebAssembly (undici's parser is some). Keys whose signatures vary in length are named. */
import crypto, { type KeyObject } from 'node:crypto';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { stackHere } from '../escapes.ts';
import { current } from './current.ts';

type KeyDone = (error: Error | null, publicKey?: unknown, privateKey?: unknown) => void;
type Pair = { publicKey: KeyObject; privateKey: KeyObject };

/** What is sealed of it; the types of Node alone do not have it. */
interface WebAssemblyApi {
  compile(bytes: object): Promise<object>;
  instantiate(source: object, imports?: object): Promise<object>;
  readonly Module: new (bytes: object) => object;
  readonly Instance: new (module: object, imports?: object) => object;
}

export function sealThreads(): void {
  sealKeyPairs();
  sealWebAssembly();
  nameVaryingKeys();
}

function sealKeyPairs(): void {
  const { generateKeyPair, generateKeyPairSync } = crypto;
  const real = promisify(generateKeyPair) as unknown as (type: string, options?: object) => Promise<Pair>;
  const make = generateKeyPairSync as unknown as (type: string, options?: object) => Pair;
  const sealed = (type: string, options: object, done: KeyDone): void => {
    if (!current()) return void Reflect.apply(generateKeyPair, crypto, [type, options, done]);
    const { publicKey, privateKey } = make(type, options);
    process.nextTick(done, null, publicKey, privateKey);
  };
  const promised = async (type: string, options?: object): Promise<Pair> =>
    current() ? make(type, options) : real(type, options);
  Object.defineProperty(sealed, promisify.custom, { value: promised });
  Object.assign(crypto, { generateKeyPair: sealed });
}

/** Always, not only within a simulation: what was begun before would end in the midst of it. */
function sealWebAssembly(): void {
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  wasm.compile = async (bytes) => new wasm.Module(bytes);
  wasm.instantiate = async (source, imports) => {
    if (source instanceof wasm.Module) return new wasm.Instance(source, imports);
    const module = new wasm.Module(source);
    return { module, instance: new wasm.Instance(module, imports) };
  };
}

/** An ECDSA signature is a byte or two longer or shorter each time, so a handshake with one never is the same twice. */
function nameVaryingKeys(): void {
  const { createSecureContext } = tls;
  tls.createSecureContext = (options = {}) => {
    const simulation = current();
    if (simulation && [options.key].flat().some(isEc))
      simulation.escapes.add('a TLS key on an elliptic curve, whose signatures vary in length', stackHere());
    return createSecureContext(options);
  };
}

function isEc(key: unknown): boolean {
  const pem = key instanceof Object && 'pem' in key ? key.pem : key;
  if (typeof pem !== 'string' && !Buffer.isBuffer(pem)) return false;
  try {
    return crypto.createPrivateKey(pem).asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}
