import { setTimeout as wait } from 'node:timers/promises';
import { plainScenario } from './plain.ts';

plainScenario('fixtures/never-ends', ['naive'], async () => {
  await wait(600_000);
});
