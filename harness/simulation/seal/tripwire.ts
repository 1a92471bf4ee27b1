/**
 * Names what leaves the simulation: Node tells of each thing that it begins outside of the thread (async_hooks), and the stack of that
 * moment says who began it.
 */
import { createHook } from 'node:async_hooks';
import { stackHere } from '../escapes.ts';
import { realTime } from '../time/real-time.ts';
import { current } from './current.ts';

/** Node's names of what it begins, and ours. */
const outside: Readonly<Record<string, string>> = {
  Timeout: 'a real timer',
  TCPWRAP: 'a real TCP socket',
  TCPSERVERWRAP: 'a real TCP server',
  PIPEWRAP: 'a pipe or a Unix socket',
  PIPECONNECTWRAP: 'a pipe or a Unix socket',
  UDPWRAP: 'a UDP socket',
  PROCESSWRAP: 'a child process',
  GETADDRINFOREQWRAP: 'a look-up of a name by the system',
  GETNAMEINFOREQWRAP: 'a look-up of a name by the system',
  QUERYWRAP: 'a DNS query',
  FSREQCALLBACK: 'a file operation',
  FSREQPROMISE: 'a file operation',
  FSEVENTWRAP: 'a watched file',
  STATWATCHER: 'a watched file',
  RANDOMBYTESREQUEST: 'chance of the system, by a thread',
  RANDOMPRIMEREQUEST: 'a prime of the system, by a thread',
  PBKDF2REQUEST: 'a key derivation by a thread',
  SCRYPTREQUEST: 'a key derivation by a thread',
  ARGON2REQUEST: 'a key derivation by a thread',
  HKDFREQUEST: 'a key derivation by a thread',
  DERIVEBITSREQUEST: 'a key derivation by a thread',
  HASHREQUEST: 'a digest by a thread',
  SIGNREQUEST: 'a signature by a thread',
  CIPHERREQUEST: 'a cipher by a thread',
  KEYGENREQUEST: 'a key made by a thread',
  KEYPAIRGENREQUEST: 'a key made by a thread',
  ZLIB: 'compression by a thread',
  WORKER: 'a worker thread',
};

/** Work on keys and digests, which Node does at once where it is asked to. */
const byThread = /^(?:RANDOM|PBKDF2|SCRYPT|ARGON2|HKDF|DERIVEBITS|HASH|SIGN|CIPHER|KEYGEN|KEYPAIRGEN)/;

/** Node's own clockwork behind `http`, which no program waits for: the look for slow requests, and the text of the Date header. */
const harmless = /setupConnectionsTracking|node:internal\/http:|utcDate|UTCString/;

/** Who plays the scenario: what it does is not the scenario's. */
const player = /\/node_modules\/(?:vitest|@vitest|vite|tinypool|tinyrpc|birpc)\//;

/** Watches from now on; what happens while no simulation runs is nobody's business. */
export function armTripwire(): void {
  // The first use of a stream makes a handle, which would be taken for the scenario's.
  void [process.stdout, process.stderr];
  createHook({
    init(_id, type, _trigger, resource) {
      const what = outside[type];
      if (what === undefined || realTime.isOwn()) return;
      const simulation = current();
      if (!simulation) return;
      const stack = stackHere();
      if (harmless.test(stack.join('\n')) || player.test(beginner(stack))) return;
      if (!byThread.test(type)) return simulation.escapes.add(what, stack);
      // Node makes the same thing for work that is done at once; only what is to be told later has somebody to be told.
      queueMicrotask(() => {
        if ('ondone' in resource) simulation.escapes.add(what, stack);
      });
    },
    trackPromises: false,
  } as Parameters<typeof createHook>[0]).enable();
}

/** The innermost line that is neither Node's nor a seal's: who began it. */
function beginner(stack: readonly string[]): string {
  return stack.find((line) => line.includes('/') && !/\(?node:|\/harness\/simulation\//.test(line)) ?? '';
}
