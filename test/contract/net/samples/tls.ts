/** Toxics that read TLS. */
import type { Sample } from './sample.ts';

export const tlsSamples: readonly Sample[] = [
  {
    type: 'tls_cut',
    attributes: { stage: 'client_hello' },
    harmless: { share: 0 },
    loses: false,
    acts: false,
  },
];
