import { plausibleTimes } from '../../../harness/checks/plausible-times.ts';
import { entries } from '../../unit/entries.ts';
import type { Sample } from './sample.ts';

const failed = { kind: 'agent.log', event: 'attempt_failed' } as const;

export default {
  spec: plausibleTimes('attempts take no longer than the run', {
    of: { kind: 'agent.log', event: 'attempt_failed' },
    fields: ['durationMs'],
    slackMs: 100,
  }),
  good: entries({ ...failed, durationMs: 0, t: 500 }, { ...failed, durationMs: 3_000, t: 4_000 }),
  bad: entries({ ...failed, durationMs: 0, t: 500 }, { ...failed, durationMs: 1_790_000_000_000, t: 4_000 }),
} satisfies Sample;
