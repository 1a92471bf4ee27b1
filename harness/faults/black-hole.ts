import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** Parameters of {@link blackHole}. */
export interface BlackHoleOptions extends LinkFaultOptions {
  /** Which direction disappears; default `upstream`. */
  stream?: 'upstream' | 'downstream';
}

/** Bytes of one direction vanish without a trace: no FIN, no RST (R3.1, R4.5). Lifting it resets what lost bytes. */
export function blackHole(options: BlackHoleOptions = {}): Fault {
  const { stream = 'upstream' } = options;
  return toxicFault('blackhole', { ...options }, () => ({ type: 'blackhole', stream, attributes: {} }));
}
