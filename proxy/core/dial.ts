/**
 * The one way out of a program under test, and of the fault proxy: a function that opens a byte stream to a host and
 * port. Who passes it in decides whether that is a socket, a socket through a proxy, or memory.
 */
import net from 'node:net';
import type { Duplex } from 'node:stream';

/** Where to connect to: a name or an address, and a port. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Returns at once, like `net.connect`; the stream then emits `connect` or `error`. */
export type Dial = (target: Target) => Duplex;

/**
 * How long each address of a name is tried before the next one is, ms. By default Node gives up on one after 250 ms, though it is
 * only far away or has lost a SYN, which is sent again after a second (nodejs/node#54359; RFC 6298, section 2).
 */
export const autoSelectFamilyAttemptTimeout = 2_500;

/** Dials over TCP: TCP_NODELAY on, and an end from the peer leaves our own side open. */
export const tcpDial: Dial = ({ host, port }) =>
  net.connect({ host, port, noDelay: true, allowHalfOpen: true, autoSelectFamilyAttemptTimeout });
