/** The checks that scenarios of incidents share, as they stand in their files. */
import type { SourceCheck, SourceValue } from './source.ts';

/** A proof that the fault was there. */
export const struck = (fault: string): SourceValue => ({ kind: 'fault.strike', fault });

/** Failures that are survived are no alarm. */
export const survivedQuietly = (fault: string): SourceCheck => ({
  call: 'count',
  title: 'a failure that is survived is no alarm',
  params: {
    of: {
      kind: 'agent.log',
      level: { anyOf: ['warn', 'error', 'fatal'] },
      event: { not: { anyOf: ['operation_failed', 'health'] } },
    },
    given: struck(fault),
    atMost: 0,
    unit: 'records above DEBUG',
  },
});

/** One outage is told of a few times, not each time that it is met. */
export const toldFewTimes = (given: SourceValue, atMost: number): SourceCheck => ({
  call: 'count',
  title: 'the log tells of one matter a few times, not each time that it is met',
  params: {
    of: { kind: 'agent.log', level: { anyOf: ['warn', 'error', 'fatal'] } },
    given,
    atMost,
    unit: 'records above INFO',
  },
});

/** What is sent again counts once. */
export const oneEffect: SourceCheck = {
  call: 'oneEffectEach',
  title: 'every report counts once',
  params: {
    effects: { kind: 'server.log', event: 'request', path: '/api/fleet/report', effect: 'applied' },
    key: 'sequence',
    fewest: 3,
  },
};
