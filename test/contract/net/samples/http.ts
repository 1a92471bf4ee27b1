/** Toxics that read HTTP. */
import type { Sample } from './sample.ts';

export const httpSamples: readonly Sample[] = [];
