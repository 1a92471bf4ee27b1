/** Opens the agent's connections. The caller that starts the agent decides where they lead. */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** Opens a connection. Like `net.connect` it returns at once; the stream emits `connect` or `error` later. */
export type Dial = (target: { host: string; port: number }) => Duplex;

/** Node gives each address of a name 250 ms by default, too little for a server far away (nodejs/node#54359). */
const addressAttemptMs = 2_500;

/** Dials over TCP. */
export const dialTcp: Dial = ({ host, port }) =>
  connect({ host, port, noDelay: true, keepAlive: true, autoSelectFamilyAttemptTimeout: addressAttemptMs });
