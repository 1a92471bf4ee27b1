import { plainScenario } from './plain.ts';

plainScenario('fixtures/kills-its-player', ['naive'], async () => {
  process.kill(process.ppid, 'SIGKILL');
  await new Promise(() => {});
});
