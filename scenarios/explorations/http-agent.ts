/** The hardened HTTP agent while anything may happen to its connections, and afterwards in quiet. */
import { burst, count, exploration, noMissing, oneEffectEach } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { appliedReports, reportRequests } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

/** The quiet has lasted long enough for every wait between two attempts to be over. */
const recovered = { kind: 'subject.note', name: 'recovered' } as const;

export default exploration({
  id: 'explore/http-agent',
  title: 'The HTTP agent loses nothing, doubles nothing and comes back, whatever happens to its connections',
  faults: { links: { 'agent→server': 'http' } },
  stormMs: 30_000,
  quietMs: 45_000,
  // A storm is over soon: faster, a machine that is busy would miss it.
  fastPace: 10,
  async subject(table, storm) {
    const reference = await startReference(table, { withoutTls: true, plainDatabase: true });
    await startAgent(table, reference, {
      env: {
        FLEET_REPORT_INTERVAL: '2',
        HEARTBEAT_INTERVAL: '30',
        RETRY_ATTEMPTS: '3',
        REQUEST_TIMEOUT: '8',
      },
    });
    await storm().over();
    await table.sleep(35_000);
    table.note(recovered.name);
    await storm().settled();
  },
  invariants: {
    'one-effect': oneEffectEach('every report counts once', { effects: appliedReports, key: 'sequence' }),
    'nothing-lost': noMissing('no report is lost', { of: appliedReports, field: 'sequence' }),
    'comes-back': count('half a minute after the last fault, reports arrive again', {
      of: appliedReports,
      given: recovered,
      since: recovered,
      atLeast: 3,
      unit: 'reports',
    }),
    'waits-between-attempts': count('no failed attempt is followed by the next one at once', {
      of: { kind: 'agent.log', event: 'attempt_failed', lost: { exists: false }, delayMs: { atMost: 799 } },
      given: recovered,
      atMost: 0,
      unit: 'attempts',
    }),
    'few-connections': burst('it does not connect more than 20 times in two seconds', {
      of: { kind: 'connection.open', link: 'agent→server' },
      withinMs: 2_000,
      atMost: 20,
      unit: 'connections',
    }),
    // What waited for the end of the storm may be delivered as fast as it is taken.
    'no-hammering': burst('nobody is asked in vain, or again, more than 20 times in two seconds', {
      of: { ...reportRequests, effect: { not: 'applied' } },
      withinMs: 2_000,
      atMost: 20,
      unit: 'requests',
    }),
  },
  sometimes: {
    'a report that fails': { kind: 'agent.log', event: 'attempt_failed' },
    'a report that is sent again': { ...reportRequests, effect: 'duplicate' },
  },
});
