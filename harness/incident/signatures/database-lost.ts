/** Connections to a database that are gone. */
import { databaseError } from './database-error.ts';

export const databaseLost = databaseError({
  id: 'database-lost',
  families: ['mysql:2013', 'mysql:2006', 'mysql:1053'],
  title: 'Connections to the database are killed or lost with it',
  shows: 'Error 2006 or 2013, PROTOCOL_CONNECTION_LOST or a link failure, on the first statement after it.',
  contradictedBy: 'Refused connections alone: then the database was down all the time.',
  fault: { call: 'killConnections' },
});
