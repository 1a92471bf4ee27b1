/** What this process holds once nothing is left to collect. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes. */
export interface Memory {
  /** Resident in all: the heap of JavaScript, OpenSSL, what libuv and the allocator keep. */
  readonly rss: number;
  readonly heap: number;
  /** Outside of the heap, and owned by objects in it. */
  readonly external: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export function memoryNow(): Memory {
  // What the first one's finalizers let go of takes a second one.
  collect();
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed, external };
}
