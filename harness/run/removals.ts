/** What became of something that an earlier run left behind, in words. */
import type { Removal } from '../worlds/leavings/index.ts';

/** As `process 4711 mariadbd …: removed`. */
export function describeRemoval(removal: Removal): string {
  const { leaving } = removal;
  const what =
    leaving.kind === 'process'
      ? `process ${leaving.process.pid} ${leaving.command}`
      : `${leaving.kind} ${leaving.path}`;
  return removal.outcome === 'kept' ? `${what}: kept, ${removal.reason}` : `${what}: ${removal.outcome}`;
}
