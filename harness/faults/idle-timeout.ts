import { databaseFault, globalStatus, setGlobal, strikeAsItGrows } from './database-fault.ts';
import type { Fault } from './fault.ts';
import { checked, howMany } from './params.ts';

/** Parameters of {@link idleTimeout}. */
export interface IdleTimeoutOptions {
  /** `wait_timeout` of connections made from now on, in whole real seconds, at least 1. */
  readonly seconds: number;
}

/**
 * The server closes connections that are idle for too long (R3.9; field issues H1, H2; `wait_timeout`). A strike is a
 * connection that ended without a goodbye of its client, by the server's own count.
 */
export function idleTimeout(options: IdleTimeoutOptions): Fault {
  return checked('idle_timeout', options, { seconds: howMany.max(longest) }, idleClosed);
}

/** The longest `wait_timeout` that a server takes, in seconds: a year. */
const longest = 31_536_000;

function idleClosed({ seconds }: IdleTimeoutOptions): Fault {
  return databaseFault('idle_timeout', { seconds }, async (context) => {
    const aborted = (): Promise<number> => globalStatus(context, 'Aborted_clients');
    const stop = await strikeAsItGrows(context, aborted, 'connection closed after wait_timeout');
    const restore = await setGlobal(context, 'wait_timeout', seconds);
    return async () => {
      await restore();
      await stop();
    };
  });
}
