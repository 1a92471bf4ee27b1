/** The hardened sync worker and its pool while anything may happen to its connections to the database, and afterwards in quiet. */
import { burst, each, exploration, oneEffectEach } from 'shaketable';
import { batches, createSync, effects, link, soundSync } from '../rigs/sync.ts';

/** Batches have a phase of their own. */
const everyMs = 1_300;

export default exploration({
  id: 'explore/sync',
  title: 'The sync worker applies each batch once or says that it did not, and its pool is whole afterwards',
  faults: {
    links: {
      // Without `half-open`: what the wire has of such a connection is no matter of the worker's.
      [link]: [
        'reset',
        'refused',
        'silence',
        'never-accepted',
        'latency',
        'slow-reader',
        'lost-answer',
        'mysql-error',
        'mysql-stall',
      ],
    },
  },
  stormMs: 30_000,
  quietMs: 50_000,
  // A storm is over soon: faster, a machine that is busy would miss it.
  fastPace: 10,
  async subject(table, storm) {
    const worker = await createSync(table, { own: false, encrypted: false });
    await worker.start();
    const weather = storm();
    const underWay: Promise<unknown>[] = [];
    for (let number = 1; weather.rages; number += 1) {
      underWay.push(worker.sync(`storm-${number}`));
      await table.sleep(everyMs);
    }
    await weather.over();
    await Promise.all(underWay);
    await table.sleep(40_000);
    for (let number = 1; number <= 3; number += 1) await worker.sync(`quiet-${number}`);
    await worker.audit();
    await weather.settled();
  },
  invariants: {
    ...soundSync,
    // A batch that is said to have failed need not take effect.
    'one-effect-each': oneEffectEach('no batch takes effect twice', { effects, key: 'runId' }),
    'comes-back': each('after a while of quiet, batches are applied', {
      of: { ...batches, runId: { matches: '^quiet' } },
      has: { status: 'applied' },
      given: { ...batches, runId: { matches: '^quiet' } },
    }),
    'no-hammering': burst('it does not connect more than 20 times in two seconds', {
      of: { kind: 'connection.open', link },
      withinMs: 2_000,
      atMost: 20,
      unit: 'connections',
    }),
  },
  sometimes: {
    'a lost connection': { kind: 'connection.close', link },
    'a batch that is tried again': { ...batches, attempts: { atLeast: 2 } },
  },
});
