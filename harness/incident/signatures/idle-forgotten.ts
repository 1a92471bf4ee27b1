/** A kept connection dies while nothing is sent. */

import type { IncidentEvent } from '../event.ts';
import type { Observed } from '../features/observed.ts';
import { median } from '../features/series.ts';
import { unexplained } from './connections-cut.ts';
import { rhythm, rounds } from './measure.ts';
import type { Parameter, Signature } from './signature.ts';

/** Shorter pauses are no idle time. */
const leastIdleMs = 400;

export const idleForgotten: Signature = {
  id: 'idle-forgotten',
  title: 'A kept connection is dropped while it is idle, and the next request is lost with it',
  shows:
    'A reset answers the first request after a pause, or comes during the pause; requests that follow each other closely go well.',
  contradictedBy:
    'Resets without a pause before them; the same request several times at the server, which says that it was applied.',
  match(observed) {
    const resets = observed.failuresOf('reset');
    if (resets === undefined) return undefined;
    const idle = idleBefore(observed, resets.events);
    if (idle.length === 0 || idle.length < resets.events.length / 2) return undefined;
    const repeated = observed.requests.some(({ size }) => size >= 2);
    const { against, part } = unexplained(observed, ['reset']);
    const after = idleTime(
      observed,
      idle.map(({ idleMs }) => idleMs),
    );
    const every = rhythm(observed, resets.events[0]?.side === 'wire' ? undefined : resets, 'report');
    const everyMs = Math.max(every.playMs, Math.round(after.value * 1.25), 3_000);
    return {
      score: (repeated ? 0.4 : 0.88) * part,
      reasons: [
        `${idle.length} of ${resets.events.length} resets follow a pause of ${Math.round(median(idle.map(({ idleMs }) => idleMs)) ?? 0)} ms`,
      ],
      against: [...(repeated ? ['requests stand several times at the server'] : []), ...against],
      evidence: idle.map(({ event }) => event),
      parameters: [after, every],
      cast: {
        plan: {
          part: 'session',
          work: 'report',
          everyMs,
          server: { KEEP_ALIVE_TIMEOUT: '3600' },
          steps: [{ fault: 'forgotten', forMs: rounds(everyMs, 6) }],
        },
        faults: {
          forgotten: {
            call: 'toxic',
            args: {
              type: 'reset_idle',
              attributes: {
                after: Math.min(after.value, Math.round(everyMs * 0.8)),
                action: 'forget',
                forget_answer: 'reset',
              },
            },
            link: 'agent→server',
          },
        },
        checks: {
          'nothing-lost': {
            call: 'noMissing',
            title: 'no report is lost',
            params: {
              of: { kind: 'server.log', event: 'request', path: '/api/fleet/report', effect: 'applied' },
              field: 'sequence',
              fewest: 2,
            },
          },
        },
        reported: ['nothing-lost'],
      },
    };
  },
};

interface Idle {
  readonly event: IncidentEvent;
  readonly idleMs: number;
}

/** The resets with the pause before each: as the wire tells it, else the time since the answer that came right before it. */
function idleBefore({ events }: Observed, resets: readonly IncidentEvent[]): Idle[] {
  return resets.flatMap((event): Idle[] => {
    if (event.idleMs !== undefined)
      return event.idleMs >= leastIdleMs ? [{ event, idleMs: event.idleMs }] : [];
    const { t, source } = event;
    if (t === undefined || event.side !== 'client') return [];
    const before = events
      .filter((other) => other.source === source && other.t !== undefined && other.t < t)
      .filter(({ kind }) => kind === 'request' || kind === 'reset')
      .toSorted((one, other) => (one.t ?? 0) - (other.t ?? 0))
      .at(-1);
    // What failed just before it had a connection of its own.
    if (before?.kind !== 'request') return [];
    const idleMs = t - (before.t ?? 0);
    return idleMs >= leastIdleMs ? [{ event, idleMs }] : [];
  });
}

/** A connection lives through pauses that are shorter than the time that is looked for, and through none that are longer. */
function idleTime({ events }: Observed, idle: readonly number[]): Parameter & { value: number } {
  const during = events
    .filter(({ kind, phase }) => kind === 'reset' && phase === 'idle')
    .flatMap(({ idleMs }) => idleMs ?? []);
  const measured = median(during);
  if (measured !== undefined)
    return {
      name: 'after',
      value: Math.round(measured),
      unit: 'ms',
      from: `the median pause before ${during.length} resets during one`,
    };
  return {
    name: 'after',
    value: Math.round(Math.min(...idle)),
    unit: 'ms',
    from: 'the shortest pause after which a request was lost: it is this or less',
  };
}
