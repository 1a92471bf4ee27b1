import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** Parameters of {@link stall}. */
export interface StallOptions extends LinkFaultOptions {
  /** The direction that is no longer read; default `upstream`. */
  stream?: 'upstream' | 'downstream';
}

/** The peer stops reading: windows fill up and the writer feels back-pressure (R4.5; field issue F4). */
export function stall(options: StallOptions = {}): Fault {
  const { stream = 'upstream' } = options;
  return toxicFault('stall', { ...options }, () => ({ type: 'stall', stream, attributes: {} }));
}
