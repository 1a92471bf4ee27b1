import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** Parameters of {@link resetAfter}. */
export interface ResetAfterOptions extends LinkFaultOptions {
  /** The byte of the direction, counted from 1 for each connection, at whose arrival the connection is reset. */
  bytes: number;
  stream?: 'upstream' | 'downstream';
  /** Whether the bytes before it are delivered; default false. */
  pass?: boolean;
}

/**
 * RST to both ends when a given byte arrives. On answers it makes the worst case of a retry: the server has applied the
 * request and the client cannot know (R1.5; field issue D2).
 */
export function resetAfter(options: ResetAfterOptions): Fault {
  const { bytes, stream = 'downstream', pass = false } = options;
  return toxicFault('reset_after', { ...options }, () => ({
    type: 'reset_after',
    stream,
    attributes: { bytes, pass },
  }));
}
