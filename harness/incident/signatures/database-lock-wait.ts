/** Somebody else holds locks. */
import { databaseError } from './database-error.ts';

export const databaseLockWait = databaseError({
  id: 'database-lock-wait',
  families: ['mysql:1205'],
  title: 'A transaction of somebody else holds locks for longer than others wait',
  shows: 'Error 1205 after the lock wait time-out, for the same rows again and again.',
  contradictedBy: 'Error 1213, or waits that end by themselves.',
  fault: { call: 'holdLocks', args: { lock: "SELECT * FROM sync_items WHERE id = 'account-1' FOR UPDATE" } },
  settings: { 'innodb-lock-wait-timeout': '1' },
  forMs: 30_000,
});
