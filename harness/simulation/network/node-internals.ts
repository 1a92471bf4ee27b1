/**
 * The few things of Node's inside that a simulated socket needs: the class of streams that are made in JavaScript, which TLS and the
 * HTTP parser take like any other, and the place in which Node looks for the result of a read. Seen in Node 24.21; each is looked for,
 * and a version that has it no longer is told of at once.
 */
import net from 'node:net';
import { LabError } from '../../errors.ts';

/** A stream whose system side is JavaScript, as `internalBinding('js_stream')` has it. */
export interface JsStream {
  onread: ((this: unknown, bytes?: ArrayBuffer) => unknown) | undefined;
  readBuffer(bytes: Uint8Array): void;
  emitEOF(): void;
  finishWrite(request: object, status: number): void;
  finishShutdown(request: object, status: number): void;
}

type Bindings = (name: string) => Record<string, unknown>;

const binding = Reflect.get(process, 'binding').bind(process) as Bindings;
const streams = binding('stream_wrap') as { streamBaseState: Int32Array; kReadBytesOrError: number };

/** Makes one. */
export const JsStream = binding('js_stream').JSStream as new () => JsStream;

/** Has Node take handles of `kind` for TCP's own: only such a one may be reset. */
export function passForTcp(kind: abstract new (...args: never[]) => JsStream): void {
  const Tcp = binding('tcp_wrap').TCP as { prototype: object };
  Object.defineProperty(Tcp, Symbol.hasInstance, {
    value: (handle: object) =>
      handle instanceof kind || Object.prototype.isPrototypeOf.call(Tcp.prototype, handle),
  });
}

/** Tells Node's code above `stream` of an error, as a read of the system's does. */
export function emitReadError(stream: JsStream, error: number): void {
  streams.streamBaseState[streams.kReadBytesOrError] = error;
  stream.onread?.call(stream);
}

const reinitialise = symbolOf(net.Socket.prototype, 'kReinitializeHandle');
const probe = new JsStream();
const probeSocket = new net.Socket({
  handle: probe as never,
  manualStart: true,
} as net.SocketConstructorOpts);
const owner = symbolOf(probe, 'owner_symbol');
const timeout = symbolOf(probeSocket, 'timeout');

/** Gives a socket that has no handle one, as connecting does. */
export function giveHandle(socket: net.Socket, handle: JsStream): void {
  (socket as unknown as Record<symbol, (handle: JsStream) => void>)[reinitialise]?.(handle);
}

/** Says which socket a handle belongs to. */
export function setOwner(handle: JsStream, socket: object): void {
  (handle as unknown as Record<symbol, object>)[owner] = socket;
}

/** The timer that a socket refreshes whenever something happens on it. */
export function setSocketTimer(socket: net.Socket, timer: unknown): void {
  (socket as unknown as Record<symbol, unknown>)[timeout] = timer;
}

export const socketTimer = (socket: net.Socket): unknown =>
  (socket as unknown as Record<symbol, unknown>)[timeout];

function symbolOf(object: object, name: string): symbol {
  const found = Object.getOwnPropertySymbols(object).find(({ description }) => description === name);
  if (found !== undefined) return found;
  throw new LabError(
    'LAB_WORLD_MISSING',
    `Node ${process.version} has no ${name} in its sockets: no simulated world here`,
    {
      hint: 'Use --world local, or the version of Node that .nvmrc names.',
    },
  );
}
