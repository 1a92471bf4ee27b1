/** The same request is refused and accepted within moments. */
import { rhythm } from './measure.ts';
import type { Signature } from './signature.ts';

export const mixedAnswers: Signature = {
  id: 'mixed-answers',
  title: 'A good token is refused for a moment, while the server renews what it knows of tokens',
  shows:
    'The server answers 401 to one request, and 200 to the same operation a few milliseconds before or after it.',
  contradictedBy: 'A 401 that the following requests get as well: then the token is refused for good.',
  match(observed) {
    const pair = observed.mixedPairs.find(({ status }) => status === 401);
    if (pair === undefined) return undefined;
    const refused = observed.failuresOf('status:401');
    const alone = (refused?.events.length ?? 0) - pair.events.length / 2;
    const every = rhythm(observed, undefined, 'report');
    const [operation] = pair.events.flatMap((event) => event.operation ?? []);
    return {
      score: alone > pair.events.length / 2 ? 0.4 : 0.85,
      reasons: [`${pair.events.length / 2} × 401 stands within a second of a 200 of ${operation}`],
      against: alone > 0 ? [`${alone} × 401 stands without a success beside it`] : [],
      evidence: pair.events.slice(0, 4),
      parameters: [every],
      cast: {
        plan: {
          part: 'agent',
          work: 'report',
          everyMs: every.playMs,
          steps: moments.map((fault) => ({
            fault,
            forMs: 3 * every.playMs,
            strikes: 1,
            restMs: every.playMs,
          })),
        },
        faults: Object.fromEntries(
          moments.map((moment) => [moment, { call: 'changeRows', args: unknownForAMoment }]),
        ),
        checks: {
          'no-alarm': {
            call: 'count',
            title: 'a refusal that is not confirmed is no alarm',
            params: {
              of: { kind: 'agent.log', level: { anyOf: ['warn', 'error', 'fatal'] } },
              given: { kind: 'fault.strike', fault: 'moment-1' },
              atMost: 0,
              unit: 'records above INFO',
            },
          },
        },
        reported: ['no-alarm'],
      },
    };
  },
};

const moments = ['moment-1', 'moment-2', 'moment-3'];

const unknownForAMoment = {
  kind: 'token_forgotten',
  apply: 'UPDATE {schema}.clients SET client_token = REVERSE(client_token)',
  revert: 'UPDATE {schema}.clients SET client_token = REVERSE(client_token)',
  struckBy: { kind: 'server.log', event: 'request', status: 401 },
};
