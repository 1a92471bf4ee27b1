/** The load of `websocket`, in a process of its own. */
import { systemClock } from 'shaketable-proxy/clock';
import { type SendManyJob, sendMany } from '../load/websocket/send-many.ts';
import {
  type OpenChannels,
  type OpenJob,
  openChannels,
  type WatchJob,
} from '../load/websocket/watch-faults.ts';
import { serveKinds } from './helper.ts';

const clock = systemClock();
let channels: OpenChannels | undefined;

serveKinds({
  sends: (job) => sendMany(job as unknown as SendManyJob, clock),
  open: async (job) => {
    channels = await openChannels(job as unknown as OpenJob, clock);
  },
  watch: async (job) => await channels?.watch(job as unknown as WatchJob),
});
