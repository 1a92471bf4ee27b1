import { setTimeout as wait } from 'node:timers/promises';
import { plainScenario } from './plain.ts';

plainScenario('fixtures/never-ends', ['naive'], async (table) => {
  await table.database(); // A process that the run has to end.
  await wait(600_000);
});
