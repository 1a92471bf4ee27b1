import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** Parameters of {@link limitData}. */
export interface LimitDataOptions extends LinkFaultOptions {
  /** How many bytes of a connection pass before it is closed. */
  limitBytes: number;
  stream?: 'upstream' | 'downstream';
}

/** The connection is closed, with FIN, after so many bytes: a truncated answer (Toxiproxy's `limit_data`). */
export function limitData(options: LimitDataOptions): Fault {
  const { limitBytes, stream = 'downstream' } = options;
  return toxicFault('limit_data', { ...options }, () => ({
    type: 'limit_data',
    stream,
    attributes: { bytes: limitBytes },
  }));
}
