/**
 * Files: while a simulation runs they are read and written at once, in the thread, so that no disk decides when a program goes on. What
 * lies outside of the simulation's own directories is an escape all the same: its content is of no seed.
 */
import fs from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stackHere } from '../escapes.ts';
import { current } from './current.ts';

type Any = (...args: unknown[]) => unknown;
type Functions = Record<string, Any | undefined>;

/** Descriptors that were opened within a simulation; operations on them were judged when they were opened. */
const withDescriptor = new Set([
  'read',
  'readv',
  'write',
  'writev',
  'close',
  'fstat',
  'fsync',
  'fdatasync',
  'ftruncate',
  'fchmod',
  'fchown',
  'futimes',
]);

/** A machine that does not go down has nothing to save from that, and the disk's time is of no seed. */
const pointless = new Set(['fsync', 'fdatasync']);

/** Linux's tables of connections (proc_pid_net(5)): a simulation's are not in those of the machine, and it has none of its own. */
const machineConnections = /^\/proc\/(?:\w+\/)?net\/(?:tcp|udp|raw|unix)/;

const all = fs as unknown as Functions;
const promises = fs.promises as unknown as Functions;

export function sealFiles(): void {
  const synchronous = Object.keys(fs)
    .filter((name) => name.endsWith('Sync'))
    .map((name) => name.slice(0, -'Sync'.length));
  for (const name of synchronous) {
    sealCallback(name);
    if (name !== 'open') sealPromise(name);
  }
  sealOpen();
}

function sealCallback(name: string): void {
  const real = all[name];
  if (real === undefined || name === 'exists') return;
  all[name] = (...args: unknown[]) => {
    const done = args.at(-1);
    if (!current() || typeof done !== 'function') return real(...args);
    args.pop();
    process.nextTick(settle(name, args), done);
    return undefined;
  };
}

/** Does it now; the function that is returned tells how it went. */
function settle(name: string, args: unknown[]): (done: Any) => void {
  try {
    judge(name, args[0]);
    const value = synchronously(name, args);
    // `read` and `write` give the buffer again.
    return (done) => void done(null, value, ...(/^(?:read|write)v?$/.test(name) ? [args[1]] : []));
  } catch (error) {
    return (done) => void done(error);
  }
}

function sealPromise(name: string): void {
  const real = promises[name];
  // A list of names comes one by one, which is no promise.
  if (real === undefined || name === 'glob') return;
  promises[name] = async (...args: unknown[]) => {
    if (!current()) return real.apply(fs.promises, args);
    const [file, ...rest] = args;
    if (file instanceof VirtualFile) return synchronously(name, [file.fd, ...rest]);
    judge(name, file);
    return synchronously(name, args);
  };
}

function synchronously(name: string, args: unknown[]): unknown {
  if (pointless.has(name)) return undefined;
  return all[`${name}Sync`]?.(...args);
}

function sealOpen(): void {
  const real = promises.open;
  promises.open = async (...args: unknown[]) => {
    if (!current()) return real?.apply(fs.promises, args);
    judge('open', args[0]);
    return new VirtualFile(synchronously('open', args) as number);
  };
}

/** What of a file handle the lab and the services use. */
class VirtualFile implements AsyncDisposable {
  readonly fd: number;
  #isOpen = true;

  constructor(fd: number) {
    this.fd = fd;
  }

  async stat(options?: fs.StatOptions): Promise<fs.Stats | fs.BigIntStats> {
    return fs.fstatSync(this.fd, options);
  }

  async read(
    buffer: NodeJS.ArrayBufferView,
    offset?: number,
    length?: number,
    position?: number | null,
  ): Promise<{ bytesRead: number; buffer: NodeJS.ArrayBufferView }> {
    const bytesRead = fs.readSync(
      this.fd,
      buffer,
      offset ?? 0,
      length ?? buffer.byteLength,
      position ?? null,
    );
    return { bytesRead, buffer };
  }

  async write(data: string | NodeJS.ArrayBufferView): Promise<{ bytesWritten: number; buffer: unknown }> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    return { bytesWritten: fs.writeSync(this.fd, bytes), buffer: data };
  }

  async readFile(options?: BufferEncoding): Promise<string | Buffer> {
    return options === undefined ? fs.readFileSync(this.fd) : fs.readFileSync(this.fd, options);
  }

  async writeFile(data: string | NodeJS.ArrayBufferView): Promise<void> {
    fs.writeFileSync(this.fd, data);
  }

  async appendFile(data: string | Uint8Array): Promise<void> {
    fs.appendFileSync(this.fd, data);
  }

  async truncate(length?: number): Promise<void> {
    fs.ftruncateSync(this.fd, length);
  }

  async sync(): Promise<void> {}

  async close(): Promise<void> {
    if (this.#isOpen) fs.closeSync(this.fd);
    this.#isOpen = false;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function judge(name: string, path: unknown): void {
  const simulation = current();
  if (!simulation || withDescriptor.has(name) || typeof path === 'number') return;
  const whole = resolve(path instanceof URL ? fileURLToPath(path) : String(path));
  if (simulation.directories.some((directory) => isWithin(directory, whole))) return;
  if (machineConnections.test(whole))
    throw Object.assign(new Error(`ENOENT: no such file or directory, ${name} '${whole}'`), {
      code: 'ENOENT',
    });
  simulation.escapes.add(`fs.${name} of ${whole}`, stackHere());
}

function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
}
