import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** Parameters of {@link resetIdle}. */
export interface ResetIdleOptions extends LinkFaultOptions {
  /** How long no byte has to move, in lab milliseconds. */
  idleMs: number;
  /** `reset` sends RST, `close` FIN, `forget` nothing: the flow is dropped from the table of a NAT or load balancer. */
  action?: 'reset' | 'close' | 'forget';
  /** After `forget`, how a later write is answered; default `silence`. */
  forgetAnswer?: 'silence' | 'reset';
}

/** Idle connections die: on time-out of the server, a load balancer or a NAT (R1.4, R4.2; field issues A1 to A12). */
export function resetIdle(options: ResetIdleOptions): Fault {
  const { idleMs, action = 'reset', forgetAnswer = 'silence' } = options;
  return toxicFault('reset_idle', { ...options }, (realMs) => ({
    type: 'reset_idle',
    attributes: { after: realMs(idleMs), action, forget_answer: forgetAnswer },
  }));
}
