import { plainScenario } from './plain.ts';

plainScenario('fixtures/turns', process.env.FIXTURE_TURNED === 'yes' ? ['naive', 'hardened'] : ['naive']);
