/** Two transactions take the same locks crosswise, and the database ends one of them. */
import { databaseError } from './database-error.ts';

export const databaseDeadlock = databaseError({
  id: 'database-deadlock',
  families: ['mysql:1213'],
  title: 'Transactions are the victims of deadlocks',
  shows: 'Error 1213 now and then, under load, for statements that work when they are repeated.',
  contradictedBy: 'Error 1205: then locks are held for long rather than taken crosswise.',
  fault: {
    call: 'deadlocks',
    args: {
      first: "UPDATE sync_items SET version = version + 1 WHERE id >= 'account-2' ORDER BY id",
      second: "UPDATE sync_items SET version = version + 1 WHERE id = 'account-1'",
      times: 5,
    },
  },
});
