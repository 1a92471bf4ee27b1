/** Recordings as a unit test makes them: the first second is 0. */

import type { Entry } from '../../../../harness/journal/entry.ts';
import type { Deed, Recording } from '../../../../harness/page/recorder.ts';
import type { StageProgram } from '../../../../harness/page/stage.ts';
import type { ToxicFacts } from '../../../../proxy/index.ts';

export const toxicOf = (name: string, given: Partial<ToxicFacts> = {}): ToxicFacts => ({
  name,
  type: 'latency',
  stream: 'downstream',
  attributes: { latency: 100, jitter: 0 },
  toxicity: 1,
  only: undefined,
  strikes: 0,
  ...given,
});

export const program = (name: string, subject: 'naive' | 'hardened' = 'naive'): StageProgram => ({
  name,
  about: '',
  subject,
  env: {},
  start: () => Promise.reject(new Error('not in a unit test')),
  inScenario: (env) => ({ function: 'startAgent', names: ['table', 'reference'], options: { env } }),
});

export const strikeOf = (fault: string, t: number): Entry =>
  ({ n: 1, t, source: 'proxy', kind: 'fault.strike', fault, faultKind: 'latency', reason: 'late' }) as Entry;

/** `deeds` by when they were done, ms. */
export function recordingOf(deeds: readonly Deed[], until: number): Recording {
  return {
    since: 0,
    until,
    deeds,
    lost: 0,
    links: [{ name: 'api', upstream: 'localhost:3000' }],
    renumbered: (_link, connection) => connection - 5,
  };
}
