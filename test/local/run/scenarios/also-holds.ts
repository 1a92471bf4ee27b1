import { plainScenario } from './plain.ts';

plainScenario('fixtures/also-holds', ['naive']);
