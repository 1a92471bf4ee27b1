/** Toxics that read MySQL's protocol. */
import type { Sample } from './sample.ts';

export const mysqlSamples: readonly Sample[] = [];
