/**
 * The names of a lab: host names that resolve to loopback while no fault says otherwise, and a dial that looks them up
 * there. A look-up that is made to fail reads like the resolver's own answer.
 */
import { connect, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FaultableNames, Lift } from '../faults/fault.ts';
import { type Diallers, isLoopback } from './diallers.ts';

/**
 * The only way out of a subject that runs inside the lab: like `net.connect` it returns at once. `as` says who dials, where
 * several do on a link: its connections are counted, and drawn for, by themselves.
 */
export type Dial = (target: { host: string; port: number; as?: string }) => Duplex;

export interface LabNames extends FaultableNames {
  readonly dial: Dial;
}

/** Names that all resolve to 127.0.0.1: the lab listens on loopback only. */
export function createNames(diallers: Diallers): LabNames {
  const failing = new Map<string, { code: string; strike: (reason: string) => void }>();

  const lookup: LookupFunction = (host, options, callback) => {
    const failure = failing.get(host);
    if (!failure) {
      const found = { address: '127.0.0.1', family: 4 };
      return process.nextTick(() =>
        options.all ? callback(null, [found]) : callback(null, found.address, 4),
      );
    }
    failure.strike(`look-up of ${host} answered ${failure.code}`);
    const error = Object.assign(new Error(`getaddrinfo ${failure.code} ${host}`), {
      code: failure.code,
      syscall: 'getaddrinfo',
      hostname: host,
    });
    process.nextTick(() => callback(error, '', 4));
  };

  return {
    dial({ host, port, as }) {
      const from = as === undefined || !isLoopback(host) ? {} : { localAddress: diallers.addressOf(as) };
      return connect({ host, port, lookup, noDelay: true, ...from });
    },
    fail(host, code, strike): Lift {
      failing.set(host, { code, strike });
      return async () => void failing.delete(host);
    },
  };
}
