import { databaseFault, setGlobal } from './database-fault.ts';
import type { Fault } from './fault.ts';

/**
 * The writer becomes a replica: the server stays up and answers writes with error 1290, as after a fail-over (R3.9; field
 * issue H4). What shows that somebody ran into it is that number, in a log of either side.
 */
export function readOnly(): Fault {
  return databaseFault('read_only', {}, (site) => setGlobal(site, 'read_only', 1), {
    '*': { matches: '1290|--read-only|ER_OPTION_PREVENTS_STATEMENT' },
  });
}
