/** The checks that scenarios of incidents share, as they stand in their files. */
import type { CheckCall } from '../../scenario-text/calls.ts';
import type { Writable } from '../../scenario-text/source-text.ts';

/** A proof that the fault was there. */
export const struck = (fault: string): Writable => ({ kind: 'fault.strike', fault });

/** Failures that are survived are no alarm. */
export const survivedQuietly = (fault: string): CheckCall => ({
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
export const toldFewTimes = (given: Writable, atMost: number): CheckCall => ({
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
export const oneEffect: CheckCall = {
  call: 'oneEffectEach',
  title: 'every report counts once',
  params: {
    effects: { kind: 'server.log', event: 'request', path: '/api/fleet/report', effect: 'applied' },
    key: 'sequence',
    fewest: 3,
  },
};

/** What is said of messages is true: one that is said to have arrived did, and the log has those that may not have. */
export const honestMessages = (fault: string): Readonly<Record<'honest-success' | 'is-told', CheckCall>> => ({
  'honest-success': {
    call: 'honestClaims',
    title: 'every message reported as delivered was received',
    params: {
      claims: { kind: 'subject.note', name: 'send', status: 'acknowledged' },
      denials: { kind: 'subject.note', name: 'send', status: 'failed' },
      received: { kind: 'server.log', event: 'ws_message' },
      key: 'id',
      given: { kind: 'subject.note', name: 'send' },
    },
  },
  'is-told': {
    call: 'count',
    title: 'the log has each message that may not have arrived',
    params: {
      of: { kind: 'agent.log', event: 'ws_send_failed' },
      given: struck(fault),
      atLeast: 1,
    },
  },
});
