import { plainScenario } from './plain.ts';

const rows = 200;

plainScenario('fixtures/fills-the-disk', ['naive'], async (table) => {
  const { server, schema } = await table.database();
  const target = `${schema.database}.heap`;
  await server.query(`CREATE TABLE ${target} (bytes LONGBLOB)`);
  // What does not fit any more is refused, which is the end of it here.
  for (let row = 0; row < rows; row += 1) {
    const written = await server.query(`INSERT INTO ${target} VALUES (REPEAT('x', 1048576))`).catch(() => {});
    if (written === undefined) return;
  }
});
