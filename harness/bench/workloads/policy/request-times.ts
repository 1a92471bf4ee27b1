/** The table of how long requests took, ours and those to a server of the user's. */
import type { Table } from '../../bench-result.ts';
import { timeColumn } from '../../rounds/columns.ts';

/** `manyRequests`: there are enough for one in a thousand to mean something. */
export function requestTimes(manyRequests: boolean): Table {
  return {
    title: 'ms: service, from the plan, and how late the generator was',
    columns: [
      timeColumn('p50', 'service', 'p50'),
      timeColumn('p90', 'service', 'p90'),
      timeColumn('p99', 'service', 'p99'),
      timeColumn('plan50', 'fromPlan', 'p50'),
      timeColumn('p99', 'fromPlan', 'p99'),
      ...(manyRequests ? [timeColumn('p99.9', 'fromPlan', 'p999')] : []),
      timeColumn('late', 'scheduleError', 'p99'),
    ],
  };
}
