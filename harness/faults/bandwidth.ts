import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** Parameters of {@link bandwidth}. */
export interface BandwidthOptions extends LinkFaultOptions {
  /** Bytes in a real second, at least 1000: the unit of Toxiproxy's toxic is a thousand of them. */
  rateBytesPerSecond: number;
  stream?: 'upstream' | 'downstream';
}

/** One direction carries only so much (Toxiproxy's `bandwidth`); the rate does not scale with the pace. */
export function bandwidth(options: BandwidthOptions): Fault {
  const { rateBytesPerSecond, stream = 'downstream' } = options;
  return toxicFault('bandwidth', { ...options }, () => ({
    type: 'bandwidth',
    stream,
    attributes: { rate: Math.max(1, Math.round(rateBytesPerSecond / 1_000)) },
  }));
}
