/** The load of `websocket`, in a process of its own. */
import { systemClock } from 'shaketable-proxy/clock';
import { type SendManyJob, sendMany } from '../load/websocket/send-many.ts';
import { type WatchFaultsJob, watchFaults } from '../load/websocket/watch-faults.ts';
import { serveKinds } from './helper.ts';

const clock = systemClock();

serveKinds({
  sends: (job) => sendMany(job as unknown as SendManyJob, clock),
  faults: (job) => watchFaults(job as unknown as WatchFaultsJob, clock),
});
