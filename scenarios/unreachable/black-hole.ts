/** R2.1: something accepts connections and never says a word. */
import {
  count,
  each,
  followed,
  type Matcher,
  ownWorlds,
  scenario,
  serverGone,
  statistic,
  toxic,
} from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { startReference } from '../rigs/reference.ts';
import { completeRecord, failedOperations, givenUp } from '../rigs/unreachable.ts';

const strikes = { kind: 'fault.strike', fault: 'dead' } satisfies Matcher;

const polls = {
  kind: 'server.log',
  event: 'request',
  route: '/api/agents/:id/commands',
  status: 200,
} satisfies Matcher;

scenario({
  id: 'unreachable/black-hole',
  title: 'A connection that is never answered is given up in time, and named as a time-out',
  requirements: ['R2.1', 'R2.2', 'R2.6'],
  worlds: [...ownWorlds, 'external'],
  story:
    'The host behind the load balancer has died: connections are still accepted, and no byte comes back. As reported, the ' +
    'agent waits for ever, and its log shows nothing at all. Every attempt has to end at its deadline, and the last record ' +
    'has to say that the server does not answer, which is another thing than a closed port.',
  faults: { dead: { fault: toxic({ type: 'silence_accept' }), link: 'agent→server', from: 'manual' } },
  play: async (table) => {
    const reference = await startReference(table);
    const env = { PENDING_COMMANDS_CHECK_INTERVAL: '15', CONNECT_TIMEOUT: '5' };
    const agent = await startAgent(table, reference, { env });
    await table.until(polls, { withinMs: 60_000 });
    await table.inject('dead');
    await table.until(givenUp, { withinMs: 60_000 });
    // The next poll hangs as well when the agent is asked to stop.
    await table.until(strikes, { nth: table.count(strikes) + 1, withinMs: 60_000 });
    const begun = table.clock.now();
    await agent.stop();
    table.note('stopped', { tookMs: table.clock.now() - begun });
  },
  checks: {
    'one-record-tells-all': count('one record says that the server does not answer, and all the rest', {
      of: completeRecord('accepts connections but does not complete the TLS handshake'),
      given: strikes,
      atLeast: 1,
      unit: 'complete records',
    }),
    'every-attempt-ends': followed('every connection that is not answered is given up', {
      each: strikes,
      by: { kind: 'connection.end', link: 'agent→server', side: 'client' },
      same: 'connection',
      withinMs: 15_000,
    }),
    'stops-in-time': statistic('an agent that is asked to stop does not wait for the silent server', {
      of: { kind: 'subject.note', name: 'stopped' },
      field: 'tookMs',
      take: 'max',
      atMost: 10_000,
      unit: 'ms',
    }),
    'named-as-timeout': each('the failure is put down to a time-out, before anything was sent', {
      of: failedOperations,
      has: { category: 'timeout', phase: 'tls', attempts: 3, definite: true },
      given: strikes,
    }),
  },
  reported: ['one-record-tells-all', 'every-attempt-ends', 'named-as-timeout'],
  anySubject: {
    needs: ['stays'],
    part: (subject) =>
      course(subject, {
        fault: serverGone({ how: 'silence' }),
        lastsMs: 60_000,
        checks: ['fails-fast', 'back-off', 'tells', 'noise', 'recovers'],
      }),
  },
});
