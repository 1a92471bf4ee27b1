/** R1.5, R2.6: a server of HTTP/2 that shuts down, resets a stream, and then has had enough. */
import { count, each, followed, type Matcher, noMissing, oneEffectEach, scenario, toxic } from 'shaketable';
import { collected, startCollector } from '../rigs/report-collector.ts';

const goodbye = { kind: 'fault.strike', fault: 'goodbye' } as const;
const limiter = { kind: 'fault.strike', fault: 'limiter' } as const;
const refusals = { kind: 'fault.strike', fault: 'refuses' } as const;
const silence = { kind: 'fault.strike', fault: 'silence' } as const;
const failedAttempts = { kind: 'agent.log', event: 'report_attempt_failed' } satisfies Matcher;
const givenUp = { ...failedAttempts, code: 'DEADLINE_EXCEEDED' } satisfies Matcher;

scenario({
  id: 'fleet-resets/told-to-go-away',
  title: 'Over HTTP/2 no report is lost or doubled, and a server that asks for calm gets it',
  requirements: ['R1.5', 'R2.6'],
  story:
    'A fleet agent posts a report every 5 s over one connection of HTTP/2. The server announces that it goes away, and the ' +
    'report that is on its way is not among those that it looked at; later one stream is reset after its report took effect; ' +
    'then, for 40 s, a limiter answers every report with ENHANCE_YOUR_CALM and closes. One report is refused three times, and at last no answer comes at all. An agent that repeats whatever failed, ' +
    'ten times at once and each time as something new, doubles one report, loses others, and storms the limiter.',
  fastPace: 20,
  faults: {
    goodbye: {
      fault: toxic({ type: 'http2_goaway', attributes: { nth: 3, last_stream: 'previous' } }),
      link: 'agent→collector',
    },
    reset: {
      fault: toxic({ type: 'http2_reset', attributes: { nth: 6, at: 'answer', code: 2 } }),
      link: 'agent→collector',
    },
    limiter: {
      fault: toxic({
        type: 'http2_goaway',
        attributes: { code: 11, last_stream: 'previous', ending: 'close' },
      }),
      link: 'agent→collector',
      from: 'manual',
    },
    refuses: {
      fault: toxic({ type: 'http2_reset', attributes: { first: 3, at: 'request', code: 7 } }),
      link: 'agent→collector',
      from: 'manual',
    },
    silence: { fault: toxic({ type: 'blackhole' }), link: 'agent→collector', from: 'manual' },
  },
  play: async (table) => {
    await startCollector(table);
    await table.until(collected, { nth: 8, withinMs: 120_000 });
    await table.inject('limiter');
    await table.until(limiter, { withinMs: 30_000 });
    await table.sleep(40_000);
    // It has to be there when the next connection begins, and meets nothing as long as the limiter answers.
    await table.inject('refuses');
    await table.lift('limiter');
    const arrive = (more: number, withinMs: number) =>
      table.until(collected, { nth: table.count(collected) + more, withinMs });
    await table.until(refusals, { nth: 3, withinMs: 180_000 });
    await arrive(4, 180_000);
    await table.lift('refuses');
    await table.inject('silence');
    await table.until(givenUp, { nth: table.count(givenUp) + 1, withinMs: 60_000 });
    await table.lift('silence');
    await arrive(1, 60_000);
  },
  checks: {
    'once-each': oneEffectEach('no report takes effect twice', {
      effects: collected,
      key: 'sequence',
      fewest: 8,
    }),
    'none-missing': noMissing('every report between the first and the last takes effect', {
      of: collected,
      field: 'sequence',
      fewest: 8,
    }),
    calm: count('the limiter is met no more than five times in its 40 s', {
      of: limiter,
      given: limiter,
      atMost: 5,
      unit: 'requests',
    }),
    'refused-again': each('what is refused is repeated at once, one time, and then after a wait', {
      of: { ...failedAttempts, code: 'REFUSED_STREAM', attempt: { atLeast: 2 } },
      has: { unprocessed: true, delayMs: { atLeast: 500 } },
      given: refusals,
    }),
    'silence-ends': followed('an answer that does not come is given up within its time', {
      each: silence,
      by: givenUp,
      withinMs: 16_000,
      onlyFirst: true,
    }),
    'goes-on': count('reports arrive after the server went away', {
      of: { ...collected, sequence: { atLeast: 4 } },
      given: goodbye,
      atLeast: 4,
      unit: 'reports',
    }),
  },
  reported: ['once-each', 'none-missing', 'calm'],
});
