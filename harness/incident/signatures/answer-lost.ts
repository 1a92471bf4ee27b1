/** The connection breaks between the server’s work and its answer, and the request is sent again. */

import type { Writable } from '../../scenario-text/source-text.ts';
import type { Requests } from '../features/observed.ts';
import type { Step } from '../plan.ts';
import { oneEffect, survivedQuietly } from '../scenario/checks.ts';
import { rhythm, rounds } from './measure.ts';
import type { Match, Signature } from './signature.ts';

export const answerLost: Signature = {
  id: 'answer-lost',
  title: 'The connection breaks after the server has applied a request and before its answer arrives',
  shows:
    'The program logs resets at the rhythm of its work although the server answers 200; at the server the same request stands ' +
    'several times in a row where one is due, because it is sent again.',
  contradictedBy:
    'A server that has each request once: then the connection broke before the request was applied. Answers other than 200. ' +
    'Duplicates at the server while other operations are healthy and spaced alike: then the program sends them on purpose.',
  match(observed) {
    const resets = observed.failuresOf('reset');
    const repeated = observed.requests.find((requests) => isRepeated(requests, resets !== undefined));
    if (repeated === undefined) return undefined;
    const elsewhere = observed.failures.filter(({ family }) => family !== 'reset');
    const isOnlyHere = observed.requests.every(
      ({ size, operation }) => size >= 2 || operation !== repeated.operation,
    );
    const copies = Math.min(10, Math.round(repeated.size));
    const every = rhythm(observed, resets?.periodMs === undefined ? undefined : resets, 'report');
    const reasons = [
      `the same ${repeated.operation} stands ${copies} times at a time at the server, where one is due`,
      ...(resets ? [`${resets.events.length} records of a reset fit the requests that were sent again`] : []),
    ];
    const against = [
      ...(resets ? [] : ['no log of the program is there that shows resets']),
      ...elsewhere.map(({ family, events }) => `${events.length} × ${family} is not explained by it`),
    ];
    return {
      score: (resets ? 0.9 : 0.65) + (isOnlyHere ? 0.05 : 0) - Math.min(0.3, elsewhere.length * 0.15),
      reasons,
      against,
      evidence: [...(resets?.events.slice(0, 3) ?? []), ...repeated.events.slice(0, 4)],
      parameters: [
        every,
        { name: 'copies', value: copies, from: `the median of ${repeated.groups.length} groups of requests` },
      ],
      cast: {
        plan: {
          part: 'agent',
          work: 'report',
          everyMs: every.playMs,
          seesInside: true,
          ...stepsOf(copies, every.playMs),
        },
        faults: faultsOf(copies),
        checks: {
          'one-effect': oneEffect,
          'survived-quietly': survivedQuietly(copies === 2 ? 'lost' : 'lost-1'),
        },
        reported: ['one-effect', 'survived-quietly'],
      },
    };
  },
};

/** Rounds of the program’s work that are played. */
const cycles = 6;

/** Of two, every second request loses its answer; of more, all but the last of each round. */
function faultsOf(copies: number): Match['cast']['faults'] {
  const lost = (attributes: Writable) => ({
    call: 'toxic',
    args: { type: 'http_lose_answer', attributes },
    link: 'agent→server',
  });
  if (copies === 2) return { lost: lost({ every: 2 }) };
  return Object.fromEntries(roundsOf(copies).map((fault) => [fault, lost({ first: copies - 1 })]));
}

function stepsOf(copies: number, everyMs: number): { readonly steps: readonly Step[] } {
  if (copies === 2) return { steps: [{ fault: 'lost', forMs: rounds(everyMs, cycles) }] };
  return {
    steps: roundsOf(copies).map((fault) => ({
      fault,
      forMs: 3 * everyMs,
      strikes: copies - 1,
      restMs: Math.round(everyMs / 2),
    })),
  };
}

const roundsOf = (copies: number): string[] =>
  Array.from({ length: copies > 2 ? cycles : 1 }, (_, index) => `lost-${index + 1}`);

/**
 * Whether something that has an effect is sent again and again: several times in most rounds. A single round is enough where there are
 * resets as well, or three of the same.
 */
function isRepeated({ operation, size, groups, events }: Requests, hasResets: boolean): boolean {
  if (!/^(?:POST|PUT|PATCH|DELETE)\b/.test(operation) || size < 2) return false;
  if (hasResets) return events.length >= 2;
  return groups.length === 1 ? size >= 3 : groups.length >= 3 || size >= 3;
}
