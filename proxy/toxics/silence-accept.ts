/**
 * `silence_accept`: accepts, never dials, never answers: a black hole at connect level. Lifting it lets the clients
 * that still wait through, as a retransmitted SYN would.
 */
import { defineToxic } from '../core/toxic-type.ts';

export const silenceAccept = defineToxic({
  type: 'silence_accept',
  summary: 'accepted, never answered',
  attributes: {},
  accept: 'silence',
});
