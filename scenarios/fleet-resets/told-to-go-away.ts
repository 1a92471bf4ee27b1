/** R1.5, R2.6: a server of HTTP/2 that shuts down, resets a stream, and then has had enough. */
import { count, noMissing, oneEffectEach, scenario, toxic } from 'shaketable';
import { collected, startCollector } from '../rigs/report-collector.ts';

const goodbye = { kind: 'fault.strike', fault: 'goodbye' } as const;
const limiter = { kind: 'fault.strike', fault: 'limiter' } as const;

scenario({
  id: 'fleet-resets/told-to-go-away',
  title: 'Over HTTP/2 no report is lost or doubled, and a server that asks for calm gets it',
  requirements: ['R1.5', 'R2.6'],
  story:
    'A fleet agent posts a report every 5 s over one connection of HTTP/2. The server announces that it goes away, and the ' +
    'report that is on its way is not among those that it looked at; later one stream is reset after its report took effect; ' +
    'then, for 40 s, a limiter answers every report with ENHANCE_YOUR_CALM and closes. An agent that repeats whatever failed, ' +
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
  },
  play: async (table) => {
    await startCollector(table);
    await table.until(collected, { nth: 8, withinMs: 120_000 });
    await table.inject('limiter');
    await table.until(limiter, { withinMs: 30_000 });
    await table.sleep(40_000);
    await table.lift('limiter');
    await table.until(collected, { nth: table.count(collected) + 4, withinMs: 180_000 });
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
    'goes-on': count('reports arrive after the server went away', {
      of: { ...collected, sequence: { atLeast: 4 } },
      given: goodbye,
      atLeast: 4,
      unit: 'reports',
    }),
  },
  reported: ['once-each', 'none-missing', 'calm'],
});
