/**
 * Requests of one policy by an open loop. A failed request is sent again at once, three times in all; an answer is an
 * answer, whatever its status.
 */
import type { Clock } from 'shaketable-proxy/clock';
import { type OpenLoopResult, openLoop } from './open-loop.ts';
import { type PolicyName, policies } from './policies/index.ts';
import type { Target } from './policies/policy.ts';
import { createPace, StatusError } from './server-target.ts';

/** What is asked for. */
export interface PolicyJob extends Target {
  readonly policy: PolicyName;
  readonly ratePerSecond: number;
  readonly durationMs: number;
}

/** What the load saw. */
export interface PolicyLoad extends OpenLoopResult {
  /** Requests that were sent again. */
  readonly retries: number;
}

const attempts = 3;

export async function loadPolicy(job: PolicyJob, clock: Clock): Promise<PolicyLoad> {
  const { policy, ratePerSecond, durationMs } = job;
  const client = policies[policy](job, clock);
  const pace = job.server ? createPace(job.server.perSecond, clock) : undefined;
  let retries = 0;
  const send = async (index: number): Promise<number> => {
    for (let attempt = 1; ; attempt += 1) {
      await pace?.();
      try {
        return await client.request(String(index));
      } catch (error) {
        if (attempt === attempts || error instanceof StatusError) throw error;
        retries += 1;
      }
    }
  };
  try {
    return { ...(await openLoop({ ratePerSecond, durationMs, clock, send })), retries };
  } finally {
    await client.close();
  }
}
