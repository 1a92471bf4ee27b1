/** Toxics that read WebSocket. */
import type { Sample } from './sample.ts';

export const websocketSamples: readonly Sample[] = [];
