/** A database without a connection to spare. */
import { databaseError } from './database-error.ts';

export const databaseFull = databaseError({
  id: 'database-full',
  families: ['mysql:1040'],
  title: 'The database takes no more connections',
  shows: 'Error 1040 for new connections, while those that are open go on.',
  contradictedBy: 'Refused connections: then no database is there at all.',
  fault: { call: 'connectionLimit' },
  atStart: true,
  forMs: 6_000,
});
