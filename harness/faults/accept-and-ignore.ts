import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** New connections are accepted and never answered: a dead host behind a load balancer, a firewall that drops (R2.1). */
export function acceptAndIgnore(options: LinkFaultOptions = {}): Fault {
  return toxicFault('silence_accept', { ...options }, () => ({ type: 'silence_accept', attributes: {} }));
}
