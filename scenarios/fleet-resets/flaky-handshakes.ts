/** R1.2 R1.4: a share of TLS handshakes fails, and the log has to say how much that matters. */
import { count, each, type Matcher, noMissing, oneEffectEach, ratio, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { alarms, appliedReports } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const exhausted = { kind: 'agent.log', level: 'error', event: 'operation_failed' } satisfies Matcher;
const strikes = (fault: string) => ({ kind: 'fault.strike', fault }) satisfies Matcher;

scenario({
  id: 'fleet-resets/flaky-handshakes',
  title: 'Handshakes that fail now and then are survived quietly',
  requirements: ['R1.2', 'R1.4'],
  story:
    'The server drops 30 % of TLS handshakes after the ClientHello, and closes idle connections so soon that every report ' +
    'needs a handshake. Every failed one is survived by a retry, so nobody has to hear of it: as reported, the agent logged ' +
    'each at ERROR. Then the server drops all of them, and an agent that still says nothing would be lying.',
  faults: {
    flaky: {
      fault: toxic({ type: 'tls_cut', attributes: { share: 0.3 } }),
      link: 'agent→server',
      from: 'manual',
    },
    all: { fault: toxic({ type: 'tls_cut' }), link: 'agent→server', from: 'manual' },
  },
  play: async (table) => {
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '1' } });
    await startAgent(table, reference, { env: { FLEET_REPORT_INTERVAL: '5' } });
    await table.inject('flaky');
    await table.until(appliedReports, { nth: 12, withinMs: 180_000 });
    await table.until(strikes('flaky'), { nth: 3, withinMs: 60_000 });
    await table.lift('flaky');
    await table.inject('all');
    await table.until(exhausted, { nth: table.count(exhausted) + 1, withinMs: 60_000 });
    await table.lift('all');
    await table.until(appliedReports, { nth: table.count(appliedReports) + 1, withinMs: 60_000 });
  },
  checks: {
    'survived-quietly': count('a survived failure is logged at DEBUG at most', {
      of: alarms,
      during: 'flaky',
      given: strikes('flaky'),
      atMost: 0,
      unit: 'records above DEBUG',
    }),
    'nothing-given-up': count('no report is given up while most handshakes succeed', {
      of: exhausted,
      during: 'flaky',
      given: strikes('flaky'),
      atMost: 0,
    }),
    'share-on-the-wire': ratio('about 30 % of the handshakes fail on the wire', {
      of: { kind: 'tls.handshake', link: 'agent→server', outcome: 'failed' },
      per: { kind: 'tls.client-hello', link: 'agent→server' },
      during: 'flaky',
      fewest: 10,
      atLeast: 0.05,
      atMost: 0.65,
      unit: '%',
    }),
    'nothing-lost': noMissing('no report is lost', { of: appliedReports, field: 'sequence' }),
    'nothing-twice': oneEffectEach('no report is applied twice', {
      effects: appliedReports,
      key: 'sequence',
      fewest: 10,
    }),
    'with-a-pause': each('a connection that was dropped in its handshake is made again after a pause', {
      of: { kind: 'agent.log', event: 'attempt_failed', lost: 'handshake', heldBackMs: { exists: false } },
      has: { delayMs: { atLeast: 150 } },
      given: strikes('flaky'),
    }),
    'real-failure-is-an-error': each('when the retries are used up, one record at ERROR says why', {
      of: exhausted,
      has: { attempt: { atLeast: 3 }, cause: { exists: true }, url: { matches: '/api/fleet/report' } },
      given: strikes('all'),
      during: 'all',
    }),
  },
  reported: ['survived-quietly', 'real-failure-is-an-error'],
  anySubject: {
    needs: ['tls', 'stays'],
    part: (subject) =>
      course(subject, {
        env: { KEEP_ALIVE_TIMEOUT: '1' },
        fault: toxic({ type: 'tls_cut', only: { every: 3 } }),
        strikes: 2,
        cycles: 8,
        checks: ['quiet', 'duplicates', 'back-off', 'noise', 'recovers'],
      }),
  },
});
