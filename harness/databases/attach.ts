/**
 * A server that another process of the run started, seen from here: it can be administered, but whoever started it
 * stops it.
 */
import { LabError } from '../errors.ts';
import { type Administration, administer, type DatabaseFacts } from './administration.ts';
import type { ServerControl } from './running-server.ts';

export type { DatabaseFacts } from './administration.ts';

/** A server that was attached to. Disposal closes the administrator's connection and nothing else. */
export interface AttachedDatabase
  extends DatabaseFacts,
    Omit<Administration, 'close'>,
    ServerControl,
    AsyncDisposable {}

/** Uses the server that `facts` describe. Fails with mysql2's error if it cannot be reached. */
export async function attachDatabase(facts: DatabaseFacts): Promise<AttachedDatabase> {
  const { close, ...administration } = administer(facts);
  await administration.query('SELECT 1');
  const refuse = async (): Promise<never> => {
    throw new LabError(
      'LAB_BAD_INPUT',
      'A database that others use may not be stopped, restarted or frozen',
      {
        hint: 'Ask for a database of its own: `table.database({ own: true })`.',
      },
    );
  };
  return {
    ...facts,
    ...administration,
    restart: refuse,
    freeze: refuse,
    thaw: refuse,
    [Symbol.asyncDispose]: close,
  };
}
