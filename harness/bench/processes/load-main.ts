/** The load of a benchmark, in a process of its own. */
import { systemClock } from 'shaketable-proxy/clock';
import { type HandshakeJob, shakeHands } from '../load/handshakes.ts';
import { loadPolicy, type PolicyJob } from '../load/policy-load.ts';
import { type SaturateJob, saturate } from '../load/saturate.ts';
import { type Job, serveKinds } from './helper.ts';

const clock = systemClock();

/** What it can do; a job's other fields are that function's options. */
const kinds: Readonly<Record<string, (job: Job) => Promise<unknown>>> = {
  handshakes: (job) => shakeHands(job as unknown as HandshakeJob, clock),
  policy: (job) => loadPolicy(job as unknown as PolicyJob, clock),
  saturate: (job) => saturate(job as unknown as SaturateJob, clock),
};

serveKinds(kinds);
