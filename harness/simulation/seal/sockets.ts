/**
 * Puts Node's own sockets and servers onto the memory network: what connects or listens while a simulation runs gets a handle of the
 * network in place of the system's. Nothing is replaced above that: it is Node's `net`, `tls` and `http`.
 */
import dns from 'node:dns';
import net from 'node:net';
import tls from 'node:tls';
import { ListenHandle } from '../network/listen-handle.ts';
import type { Network } from '../network/network.ts';
import {
  giveHandle,
  type JsStream,
  passForTcp,
  setOwner,
  setSocketTimer,
  socketTimer,
} from '../network/node-internals.ts';
import { StreamHandle } from '../network/stream-handle.ts';
import { current } from './current.ts';

interface Inside {
  _handle: JsStream | null | undefined;
  _wrapHandle(wrap: net.Socket | null, handle: JsStream | undefined, busy: boolean): JsStream;
  _tlsOptions: { pipe?: boolean };
  _listen2(
    host: string | null,
    port: number,
    family: number,
    backlog: number,
    fd: undefined,
    flags: number,
  ): void;
}

type NormalisedArgs = [options: net.NetConnectOpts & net.ListenOptions, callback: (() => void) | null];

const normalise = Reflect.get(net, '_normalizeArgs') as (args: readonly unknown[]) => NormalisedArgs;

export function sealSockets(): void {
  passForTcp(StreamHandle);
  sealConnect();
  sealListen();
  sealTls();
  sealTimeouts();
  sealNames();
}

function sealConnect(): void {
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
    const network = current()?.network;
    const [options] = Array.isArray(args[0]) ? (args[0] as unknown as NormalisedArgs) : normalise(args);
    const socket = this as net.Socket & Inside;
    if (network && (!socket._handle || socket.destroyed) && !('path' in options && options.path))
      giveHandle(socket, new StreamHandle(network));
    return Reflect.apply(connect, this, args) as net.Socket;
  } as typeof connect;
}

function sealListen(): void {
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]): net.Server {
    const network = current()?.network;
    const [options, callback] = normalise(args);
    const handle: unknown = Reflect.get(options, 'handle') ?? Reflect.get(options, '_handle');
    if (!network || options.path !== undefined || handle !== undefined || Reflect.has(options, 'fd'))
      return Reflect.apply(listen, this, args) as net.Server;
    if (callback) this.once('listening', callback);
    const host = hostOf(network, options.host);
    const port = Number(options.port ?? 0);
    options.signal?.addEventListener('abort', () => void this.close(), { once: true });
    const server = this as unknown as Inside;
    server._handle = new ListenHandle(network, host, port) as unknown as JsStream;
    server._listen2(host, port, net.isIPv6(host) ? 6 : 4, 511, undefined, 0);
    return this;
  } as typeof listen;
}

function hostOf(network: Network, host: string | undefined): string {
  if (host === undefined || host === '') return '::';
  return net.isIP(host) ? host : (network.resolve(host) ?? '127.0.0.1');
}

/** TLS asks for a handle of its own where it is given no socket, and has to be told of a reset of the one below. */
function sealTls(): void {
  const prototype = tls.TLSSocket.prototype as unknown as Inside;
  const wrapHandle = prototype._wrapHandle;
  prototype._wrapHandle = function (this: Inside, wrap, given, busy) {
    const network = current()?.network;
    let handle = given;
    if (!handle && network && !this._tlsOptions.pipe) {
      handle = new StreamHandle(network);
      setOwner(handle, this);
    }
    const above = wrapHandle.call(this, wrap, handle, busy);
    if (handle instanceof StreamHandle) handle.above = above;
    return above;
  };
}

/** Sockets whose timer is cleared when they close. */
const clearing = new WeakSet<net.Socket>();

/** A server sets the time-out of a connection for each request: there is one listener for all of them. */
function clearsAtEnd(socket: net.Socket): void {
  if (clearing.has(socket)) return;
  clearing.add(socket);
  socket.once('close', () => clearTimeout(socketTimer(socket) as NodeJS.Timeout));
}

/** A socket's time-out is a timer of Node's inside, which no other seal reaches. */
function sealTimeouts(): void {
  const { setTimeout: setSocketTimeout } = net.Socket.prototype;
  const sealed = function (this: net.Socket, ms: number, listener?: () => void): net.Socket {
    const simulation = current();
    if (!simulation || !isSimulated(this))
      return Reflect.apply(setSocketTimeout, this, [ms, listener]) as net.Socket;
    if (this.destroyed) return this;
    Object.assign(this, { timeout: ms });
    const known = socketTimer(this);
    if (known instanceof Object) clearTimeout(known as NodeJS.Timeout);
    if (ms > 0) {
      const timer = setTimeout(() => (this as net.Socket & { _onTimeout(): void })._onTimeout(), ms);
      clearsAtEnd(this);
      setSocketTimer(this, timer);
      if (listener) this.once('timeout', listener);
    } else {
      setSocketTimer(this, null);
      if (listener) this.removeListener('timeout', listener);
    }
    return this;
  };
  net.Socket.prototype.setTimeout = sealed as typeof setSocketTimeout;
}

function isSimulated(socket: net.Socket): boolean {
  const { _handle: handle } = socket as unknown as Inside;
  if (!handle) return true;
  return handle instanceof StreamHandle || Reflect.get(handle, '_parent') instanceof StreamHandle;
}

type LookUp = (error: NodeJS.ErrnoException | null, address?: unknown, family?: number) => void;

function sealNames(): void {
  const { lookup } = dns;
  const sealed = (name: string, given: unknown, callback?: LookUp): void => {
    const network = current()?.network;
    if (!network) return void Reflect.apply(lookup, dns, callback ? [name, given, callback] : [name, given]);
    const answer = (callback ?? given) as LookUp;
    const { all = false } = (typeof given === 'object' ? given : {}) as dns.LookupOptions;
    const address = net.isIP(name) ? name : network.resolve(name);
    process.nextTick(() => {
      if (address === undefined) return answer(notFound(name));
      const family = net.isIP(address);
      if (all) answer(null, [{ address, family }]);
      else answer(null, address, family);
    });
  };
  dns.lookup = sealed as typeof lookup;
  const { lookup: lookupPromise } = dns.promises;
  dns.promises.lookup = ((name: string, options: dns.LookupOptions = {}) =>
    current()
      ? new Promise((resolve, reject) =>
          sealed(name, options, (error, address, family) => {
            if (error) reject(error);
            else resolve((options.all ? address : { address, family }) as dns.LookupAddress);
          }),
        )
      : lookupPromise(name, options)) as typeof lookupPromise;
}

function notFound(hostname: string): NodeJS.ErrnoException {
  const code = 'ENOTFOUND';
  return Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), {
    code,
    errno: -3008,
    syscall: 'getaddrinfo',
    hostname,
  });
}
