import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** Parameters of {@link slicer}. */
export interface SlicerOptions extends LinkFaultOptions {
  averageBytes: number;
  variationBytes?: number;
  /** Wait between pieces, in real microseconds; default 0. */
  delayMicroseconds?: number;
  stream?: 'upstream' | 'downstream';
}

/** The stream arrives in small pieces (Toxiproxy's `slicer`). */
export function slicer(options: SlicerOptions): Fault {
  const { averageBytes, variationBytes = 0, delayMicroseconds = 0, stream = 'downstream' } = options;
  return toxicFault('slicer', { ...options }, () => ({
    type: 'slicer',
    stream,
    attributes: { average_size: averageBytes, size_variation: variationBytes, delay: delayMicroseconds },
  }));
}
