/** Connections are made, and answers do not come in time. */
import { struck, toldFewTimes } from '../scenario/checks.ts';
import type { Signature } from './signature.ts';
import { waitsOf } from './waits.ts';

/** The time-out of the lab’s agents in ms. */
const usualTimeoutMs = 30_000;

export const answersLate: Signature = {
  id: 'answers-late',
  title: 'The server takes requests and does not answer in time',
  shows:
    'Requests end in a time-out of the program’s own while connections are made; on the wire, a request and no answer.',
  contradictedBy:
    'Time-outs while connecting, which say that the path or the port is dead; answers in the same seconds.',
  match(observed) {
    const late = observed.failuresOf('timeout');
    if (late === undefined) return undefined;
    const connecting = late.events.filter(({ detail }) => detail === 'connect').length;
    const others = observed.failures.filter(({ family }) => family !== 'timeout');
    const othersCount = others.reduce((sum, { events }) => sum + events.length, 0);
    const { plan, parameters, forMs } = waitsOf(observed, late, usualTimeoutMs);
    const { timeoutMs } = plan;
    return {
      score: 0.9 * ((late.events.length - connecting) / (late.events.length + othersCount)),
      reasons: [`${late.events.length - connecting} × time-out while an answer is waited for`],
      against: [
        ...(connecting > 0 ? [`${connecting} × time-out while connecting`] : []),
        ...others.map(({ family, events }) => `${events.length} × ${family} is not explained by it`),
      ],
      evidence: late.events,
      parameters: [
        ...parameters,
        ...(observed.timeoutMs === undefined
          ? [
              {
                name: 'timeoutMs',
                value: timeoutMs,
                unit: 'ms',
                from: 'a default: the data do not tell how long was waited',
              },
            ]
          : []),
      ],
      cast: {
        plan: { ...plan, seesInside: true, steps: [{ fault: 'late', forMs }] },
        faults: {
          late: {
            call: 'toxic',
            args: { type: 'http_delay', attributes: { delay: timeoutMs * 20 } },
            link: 'agent→server',
          },
        },
        checks: { 'told-few-times': toldFewTimes(struck('late'), plan.attempts + 6) },
        reported: ['told-few-times'],
      },
    };
  },
};
