/** How toxics that end a whole connection may end it, as attributes that they share. */

import { choice } from '../../core/attributes.ts';
import { close, forget, type Step } from '../../core/steps.ts';

/**
 * `reset` sends RST to both ends, `close` FIN; `forget` sends nothing, as a NAT or a load balancer that drops a flow
 * from its table: what either end sends later vanishes, or with `forget_answer: reset` is answered by an RST.
 */
export const endingAttributes = {
  action: choice(['reset', 'close', 'forget']),
  forget_answer: choice(['silence', 'reset']),
};

interface EndingValues {
  readonly action: 'reset' | 'close' | 'forget';
  readonly forget_answer: 'silence' | 'reset';
}

/** The step that ends the connection at once. */
export function ending({ action, forget_answer }: EndingValues): Step {
  if (action === 'forget') return forget(forget_answer);
  return close(action === 'close' ? 'fin' : 'reset');
}
