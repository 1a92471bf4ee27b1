import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** Parameters of {@link latency}, in lab milliseconds. */
export interface LatencyOptions extends LinkFaultOptions {
  latencyMs: number;
  /** Uniform, around the latency; default 0. */
  jitterMs?: number;
  /** `downstream` delays answers, `upstream` requests; default `downstream`. */
  stream?: 'upstream' | 'downstream';
}

/** Everything in one direction arrives later (Toxiproxy's `latency`). */
export function latency(options: LatencyOptions): Fault {
  const { latencyMs, jitterMs = 0, stream = 'downstream' } = options;
  return toxicFault('latency', { ...options }, (realMs) => ({
    type: 'latency',
    stream,
    attributes: { latency: realMs(latencyMs), jitter: jitterMs === 0 ? 0 : realMs(jitterMs) },
  }));
}
