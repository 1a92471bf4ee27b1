import * as z from 'zod';
import { databaseFault, setGlobal } from './database-fault.ts';
import type { Fault, FaultContext, Lift } from './fault.ts';
import { checked } from './params.ts';

/** Parameters of {@link readOnly}. */
export interface ReadOnlyOptions {
  /**
   * Which connections of the run's user it holds for: `all`, or those that are open `already`, as after a fail-over, when
   * new ones are led to the new writer. Default `all`.
   */
  readonly connections?: 'all' | 'already';
}

/**
 * The writer becomes a replica: the server stays up and answers writes with error 1290, as after a fail-over (R3.9; field
 * issue H4). What shows that somebody ran into it is that error in a log of either side.
 */
export function readOnly(options: ReadOnlyOptions = {}): Fault {
  const connections = z.enum(['all', 'already']).optional();
  return checked('read_only', options, { connections }, replica);
}

function replica({ connections = 'all' }: ReadOnlyOptions): Fault {
  return databaseFault(
    'read_only',
    { connections },
    async (context) => {
      const restore = connections === 'all' ? async () => {} : await letNewOnesWrite(context);
      const writable = await setGlobal(context, 'read_only', 1);
      return async () => {
        await writable();
        await restore();
      };
    },
    {
      struckBy: {
        kind: { anyOf: ['agent.log', 'server.log'] },
        '*': { matches: '--read-only|ER_OPTION_PREVENTS_STATEMENT' },
      },
    },
  );
}

/**
 * A static global privilege holds for connections made after it was granted (MySQL manual, "When Privilege Changes Take
 * Effect"); MySQL's dynamic CONNECTION_ADMIN would hold for open ones as well.
 */
async function letNewOnesWrite(context: FaultContext): Promise<Lift> {
  const { user } = context.schema();
  const privilege = context.database().flavour === 'mysql' ? 'SUPER' : 'READ ONLY ADMIN';
  await context.database().query(`GRANT ${privilege} ON *.* TO ?@'%'`, [user]);
  return async () => {
    await context.database().query(`REVOKE ${privilege} ON *.* FROM ?@'%'`, [user]);
  };
}
