import { plainScenario } from './plain.ts';

plainScenario('fixtures/prints', ['naive'], async (table) => {
  console.log('printed by the scenario');
  process.emitWarning('a warning of the scenario');
  const args = ['-e', 'console.log("printed by its process")'];
  const { exited } = await table.process('printer', { command: process.execPath, args });
  await exited;
});
