/** R3.8: nobody knows that the connection gets worse until it is gone. */
import { count, each, followed, type Matcher, refuseConnections, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const link = 'agent→server';
const strikes = (fault: string) => ({ kind: 'fault.strike', fault }) satisfies Matcher;
const degraded = { kind: 'agent.log', event: 'health', state: 'degraded' } as const;
const unease = { kind: 'agent.log', event: 'health', previous: 'healthy' } as const;
const ease = { kind: 'agent.log', event: 'health', state: 'healthy' } as const;

scenario({
  id: 'noise-and-leaks/health-warns-first',
  title: 'The health monitor warns before anything fails',
  requirements: ['R3.8'],
  story:
    'The server answers later and later: after 2 s, after 6 s, after 16 s; then it is gone. Every answer until then is a ' +
    'good one, so nothing is logged and nobody looks. As reported, the first sign of trouble was the failure itself. A ' +
    'monitor that watches answer times can say so before, and has to say as well when all is well again.',
  fastPace: 25,
  faults: {
    slow: { fault: toxic({ type: 'latency', attributes: { latency: 2_000 } }), link, from: 'manual' },
    slower: { fault: toxic({ type: 'latency', attributes: { latency: 4_000 } }), link, from: 'manual' },
    slowest: { fault: toxic({ type: 'latency', attributes: { latency: 10_000 } }), link, from: 'manual' },
    gone: { fault: refuseConnections(), link, from: 'manual' },
  },
  play: async (table) => {
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '65' } });
    await startAgent(table, reference, {
      env: {
        FLEET_REPORT_INTERVAL: '2',
        REQUEST_TIMEOUT: '30',
        CONNECT_TIMEOUT: '30',
        RETRY_ATTEMPTS: '6',
      },
    });
    const reports = (more: number) =>
      table.until(appliedReports, { nth: table.count(appliedReports) + more, withinMs: 300_000 });
    // On a busy machine answers may be slow for no fault of the link: what counts begins when the monitor is at ease.
    await reports(3);
    const isUneasy = (): boolean => table.count(unease) > table.count(ease);
    for (let more = 0; more < 40 && isUneasy(); more += 1) await reports(1);
    for (const step of ['slow', 'slower', 'slowest']) {
      await table.inject(step);
      await table.until(strikes(step), { withinMs: 300_000 });
      await reports(2);
    }
    await table.inject('gone');
    await table.until(strikes('gone'), { withinMs: 300_000 });
    for (const step of ['gone', 'slowest', 'slower', 'slow']) await table.lift(step);
    await reports(8);
  },
  checks: {
    'warns-first': count(
      'the monitor says `degraded` after answers became slow and before the first one is missing',
      {
        of: { ...degraded, 'metrics.fleet_report.failuresInARow': 0 },
        during: 'slow',
        before: { kind: 'fault.installed', fault: 'gone' },
        given: strikes('gone'),
        atLeast: 1,
        unit: 'warnings',
      },
    ),
    'with-figures': each('the warning has the figures that it rests on', {
      of: degraded,
      has: {
        level: 'warn',
        'metrics.fleet_report.meanMs': { atLeast: 1 },
        'metrics.fleet_report.failureShare': { exists: true },
        'metrics.fleet_report.attempts': { atLeast: 1 },
      },
      given: strikes('slowest'),
      during: 'slow',
    }),
    'given-up-once': count('no more than the report that met the end of the server is given up', {
      of: { kind: 'agent.log', event: 'operation_failed' },
      given: strikes('gone'),
      atMost: 1,
      unit: 'reports',
    }),
    'healthy-is-healthy': each('it does so when no attempt has failed since, and answers are quick again', {
      of: ease,
      // A sixth of the time-out is slow, and half of that is no longer.
      has: { 'metrics.fleet_report.failuresInARow': 0, 'metrics.fleet_report.meanMs': { atMost: 2_500 } },
      given: { kind: 'fault.lifted', fault: 'slow' },
    }),
    'healthy-again': followed('after the recovery it says that all is well', {
      each: { kind: 'fault.lifted', fault: 'slow' },
      by: ease,
    }),
  },
  reported: ['warns-first', 'with-figures', 'healthy-again'],
});
