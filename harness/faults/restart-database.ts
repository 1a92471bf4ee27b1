import { databaseFault } from './database-fault.ts';
import { type Fault, ownWorlds } from './fault.ts';
import { checked, msOrNone, text, yesOrNo } from './params.ts';

/** Parameters of {@link restartDatabase}. */
export interface RestartDatabaseOptions {
  /** How long it stays away, in lab milliseconds. */
  readonly downMs: number;
  /** The link on which connections are seen to end. */
  readonly link: string;
  /** Whether it says goodbye; default true. Without, it is killed and recovers. */
  readonly graceful?: boolean;
}

/** The server stops and comes back on the same port (R3.9; field issue H5). In force until it is back. */
export function restartDatabase(options: RestartDatabaseOptions): Fault {
  const shape = { downMs: msOrNone, link: text, graceful: yesOrNo.optional() };
  return checked('restart_database', options, shape, restarted);
}

function restarted({ downMs, link, graceful = true }: RestartDatabaseOptions): Fault {
  return databaseFault(
    'restart_database',
    { downMs, link, graceful },
    async (context) => {
      const back = context.database().restart({ downMs: downMs / context.pace, graceful });
      back.catch(() => {});
      return () => back;
    },
    { struckBy: { kind: 'connection.close', link, by: 'upstream' }, worlds: ownWorlds },
  );
}
