/**
 * What is known about a connection, derived from what the socket says about itself and from signs of life. That an
 * object has a `send` method proves nothing about the connection behind it (R4.2).
 */
import type { ChannelState } from './channel.ts';

/** @param readyState the socket's own word, numbered as in RFC-conformant implementations (0 to 3)
 *  @param trusted false while the peer owes an answer to a ping */
export function deriveState(readyState: unknown, trusted: boolean): ChannelState {
  switch (readyState) {
    case 0:
      return 'connecting';
    case 1:
      return trusted ? 'open' : 'suspect';
    case 2:
      return 'closing';
    case 3:
      return 'closed';
    default:
      return 'unknown';
  }
}
