import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** Parameters of {@link trickle}. */
export interface TrickleOptions extends LinkFaultOptions {
  /** Size of a piece, at most. */
  pieceBytes: number;
  /** Wait after each piece, in lab milliseconds. */
  everyMs: number;
  stream?: 'upstream' | 'downstream';
}

/** Bytes arrive in pieces with a wait after each: an answer that begins at once and takes for ever to end (R3.1). */
export function trickle(options: TrickleOptions): Fault {
  const { pieceBytes, everyMs, stream = 'downstream' } = options;
  return toxicFault('trickle', { ...options }, (realMs) => ({
    type: 'slicer',
    stream,
    attributes: { average_size: pieceBytes, size_variation: 0, delay: realMs(everyMs) * 1_000 },
  }));
}
