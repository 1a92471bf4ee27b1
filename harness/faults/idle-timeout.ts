import { databaseFault, setGlobal } from './database-fault.ts';
import type { Fault } from './fault.ts';

/** Parameters of {@link idleTimeout}. */
export interface IdleTimeoutOptions {
  /** `wait_timeout` of connections made from now on, in whole real seconds, at least 1. */
  seconds: number;
  /** The link on which the server is seen to close them. */
  link: string;
}

/** The server closes connections that are idle for too long (R3.9; field issues H1, H2; `wait_timeout`). */
export function idleTimeout({ seconds, link }: IdleTimeoutOptions): Fault {
  return databaseFault(
    'idle_timeout',
    { seconds, link },
    (site) => setGlobal(site, 'wait_timeout', seconds),
    {
      kind: 'connection.close',
      link,
      by: 'upstream',
    },
  );
}
