/** A database that takes no writes. */
import { databaseError } from './database-error.ts';

export const databaseReadOnly = databaseError({
  id: 'database-read-only',
  families: ['mysql:1290'],
  title: 'The database has become read-only, as after a fail-over',
  shows: 'Error 1290 for every write, while reads go well.',
  contradictedBy: 'Writes that succeed in between on the same connection.',
  fault: { call: 'readOnly' },
  isFinal: true,
});
