/** Toxics that know nothing of what they carry. */
import type { Sample } from './sample.ts';

export const tcpSamples: readonly Sample[] = [
  { type: 'latency', attributes: { latency: 150, jitter: 100 }, harmless: {}, loses: false },
  { type: 'bandwidth', attributes: { rate: 1 }, loses: false },
  { type: 'slow_close', attributes: { delay: 100 }, harmless: {}, loses: false },
  { type: 'timeout', attributes: { timeout: 50 }, loses: true },
  { type: 'reset_peer', attributes: { timeout: 50 }, loses: true },
  {
    type: 'slicer',
    attributes: { average_size: 9, size_variation: 5, delay: 700 },
    harmless: { average_size: 1_000 },
    loses: false,
  },
  { type: 'limit_data', attributes: { bytes: 40 }, harmless: { bytes: 10_000 }, loses: true },
  { type: 'noop', attributes: {}, harmless: {}, loses: false, acts: false },
  { type: 'reset_idle', attributes: { after: 60 }, harmless: { after: 60_000 }, loses: true },
  { type: 'blackhole', attributes: {}, loses: true },
  { type: 'stall', attributes: {}, loses: false },
  { type: 'reset_after', attributes: { bytes: 100 }, harmless: { bytes: 10_000, pass: true }, loses: true },
  { type: 'witness', attributes: { of: 'slicer', amount: 1 }, loses: false, acts: false },
];
