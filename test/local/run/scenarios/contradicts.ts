import { plainScenario } from './plain.ts';

plainScenario('fixtures/contradicts', ['naive', 'hardened']);
