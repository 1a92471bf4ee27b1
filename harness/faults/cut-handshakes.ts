import type { Fault } from './fault.ts';
import { type LinkFaultOptions, toxicFault } from './toxic.ts';

/** Parameters of {@link cutHandshakes}. */
export interface CutHandshakesOptions extends LinkFaultOptions {
  /** Which share of TLS handshakes, drawn from the seed: 0 to 1; default 1. */
  share?: number;
  /**
   * The message at which it is cut, the first one that does not get through; default `client_hello`. In TLS 1.3 the
   * encrypted ones are told by the position of their records.
   */
  at?: 'client_hello' | 'server_hello' | 'certificate' | 'finished';
  /** `reset` sends RST to both ends, `close` a FIN, `stall` nothing more at all; default `reset`. */
  action?: 'reset' | 'close' | 'stall';
}

/** A server, or something in front of it, drops connections in the middle of the TLS handshake (R1.2). */
export function cutHandshakes(options: CutHandshakesOptions = {}): Fault {
  const { share = 1, at = 'client_hello', action = 'reset' } = options;
  return toxicFault('tls_cut', { ...options }, () => ({
    type: 'tls_cut',
    attributes: { stage: at, action, share },
  }));
}
