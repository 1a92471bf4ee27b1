/** The load of `database`, in a process of its own: one pool after the other. */
import { systemClock } from 'shaketable-proxy/clock';
import { loadPool, type PoolJob, warmPool } from '../load/database/pool-load.ts';
import { serveKinds } from './helper.ts';

const clock = systemClock();

serveKinds({
  warm: async (job) => {
    const { settings, port, user, password, database } = job as unknown as PoolJob;
    await warmPool(settings, { port, user, password, database });
  },
  pool: (job) => loadPool(job as unknown as PoolJob, clock),
});
