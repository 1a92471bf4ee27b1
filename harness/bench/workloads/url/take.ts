/** From a batch of requests to a server that is not ours to one round of a row. */
import type { PolicyLoad } from '../../load/policy-load.ts';
import { errorsInWords } from '../../rig/judge-counts.ts';
import type { Take } from '../../rounds/summarize-row.ts';
import { figuresOf, latenessOf } from '../policy/take.ts';
import type { ServerBatch } from './rig.ts';

/** On a healthy link nothing may fail; on any, an answer with a status of failure is the server's doing. */
export function takeOfServer(healthy: boolean, { load, proxy, client }: ServerBatch<PolicyLoad>): Take {
  const { serviceMs, fromPlanMs, scheduleErrorMs, errors, retries, elapsedMs } = load;
  const refused = Object.fromEntries(Object.entries(errors).filter(([code]) => code.startsWith('status ')));
  const blamed = healthy ? errors : refused;
  const failures = [
    ...(Object.keys(blamed).length > 0 ? [`requests failed: ${errorsInWords(blamed)}`] : []),
    ...(healthy && retries > 0 ? [`on a link that breaks nothing, ${retries} requests were retried`] : []),
  ];
  return {
    times: { service: serviceMs, fromPlan: fromPlanMs, scheduleError: scheduleErrorMs },
    figures: {
      ...figuresOf({ proxy, client }, serviceMs.length, elapsedMs),
      unanswered: Object.values(errors).reduce((sum, times) => sum + times, 0),
      retries,
    },
    failures,
    doubts: [],
    remarks: latenessOf(load),
  };
}
