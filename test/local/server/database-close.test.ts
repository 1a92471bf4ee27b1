/** How the server's pool ends connections that the database does not answer on. */
import { expect, it, onTestFinished } from 'vitest';
import { linkToxic } from '../../../harness/faults/toxic.ts';
import { createLink } from '../../../harness/worlds/link.ts';
import { scaledClock, systemClock } from '../../../proxy/core/clock.ts';
import { seededRandom } from '../../../proxy/core/random.ts';
import { startProxy } from '../../../proxy/index.ts';
import { openDatabase } from '../../../services/server/database.ts';
import { useDatabase } from './rig.ts';

const database = useDatabase();

it.each([0, 50, 100, 150])('closes connections that were asked for %d ms before', async (ms) => {
  const clock = scaledClock(systemClock(), 20);
  const uncaught: unknown[] = [];
  const note = (error: unknown): number => uncaught.push(error);
  process.on('uncaughtException', note);
  onTestFinished(() => void process.off('uncaughtException', note));
  await using proxy = await startProxy({ random: seededRandom(1) });
  const { host, port, addToxic } = await createLink(proxy, 'server→mysql', database());
  const { database: name, user, password } = await database().createSchema();
  const ca = database().caPem;
  const pool = openDatabase(
    { host, port, user, password, name, ca, poolSize: 6, operationTimeoutMs: 60_000 },
    clock,
  );
  await pool.ping(60_000);
  // The greeting comes after 100 ms; what follows is the TLS handshake.
  await addToxic('slow', linkToxic({ type: 'latency', attributes: { latency: 100 } }));
  const operations = Array.from({ length: 6 }, () => pool.ping(60_000).catch(() => {}));

  await systemClock().sleep(ms);
  await pool.close();

  await Promise.all(operations);
  await systemClock().sleep(50);
  expect(uncaught).toEqual([]);
});
