import { plainScenario } from './plain.ts';

plainScenario('fixtures/holds', ['naive']);
