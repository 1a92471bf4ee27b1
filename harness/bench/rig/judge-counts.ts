/** Whether the load and the proxy agree about what became of the connections. */
import type { HandshakeCounts } from '../load/handshakes.ts';

/** Why they do not, a sentence; undefined if they do. */
export function disagreement(load: HandshakeCounts, proxy: HandshakeCounts): string | undefined {
  const kinds = ['full', 'resumed', 'failed'] as const;
  if (kinds.every((kind) => load[kind] === proxy[kind])) return undefined;
  const words = (counts: HandshakeCounts): string =>
    kinds.map((kind) => `${counts[kind]} ${kind}`).join(', ');
  return `the load counted ${words(load)} handshakes, the proxy ${words(proxy)}`;
}

/** Errors in words: `3 × ECONNRESET`. */
export function errorsInWords(errors: Readonly<Record<string, number>>): string {
  return Object.entries(errors)
    .map(([code, count]) => `${count} × ${code}`)
    .join(', ');
}
