/** R2.1 R2.2: the server is down, and its port is closed. */
import { count, each, type Matcher, ownWorlds, refuseConnections, scenario, serverGone } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { startReference } from '../rigs/reference.ts';
import {
  completeRecord,
  dials,
  failedOperations,
  givenUp,
  goodHeartbeats,
  watchDials,
} from '../rigs/unreachable.ts';

const strikes = { kind: 'fault.strike', fault: 'down' } satisfies Matcher;
const briefly = { kind: 'fault.strike', fault: 'down for a moment' } satisfies Matcher;

scenario({
  id: 'unreachable/refused',
  title: 'A refused connection is named, with everything that is needed to act on it',
  requirements: ['R2.1', 'R2.2'],
  worlds: [...ownWorlds, 'external'],
  story:
    'The server process ends while an agent is at work, and its port is closed. The next heartbeat fails. As reported, the ' +
    'log showed that something was wrong but not what was asked for, where, and what to look at. Here one ERROR record has ' +
    'to tell it all: method, full URL, cause, configured server URL and what to verify, after three attempts. Later the port ' +
    'is closed for a moment only: the second attempt goes through, and nobody has to hear of the first.',
  faults: {
    down: { fault: refuseConnections(), link: 'agent→server', from: 'manual' },
    'down for a moment': { fault: refuseConnections(), link: 'agent→server', from: 'manual' },
  },
  play: async (table) => {
    const reference = await startReference(table);
    await startAgent(watchDials(table), reference, { env: { HEARTBEAT_INTERVAL: '30' } });
    await table.until(goodHeartbeats, { withinMs: 60_000 });
    await table.inject('down');
    await table.until(givenUp, { withinMs: 60_000 });
    await table.lift('down');
    await table.until(goodHeartbeats, { nth: table.count(goodHeartbeats) + 1, withinMs: 60_000 });
    await table.inject('down for a moment');
    await table.until(briefly, { withinMs: 60_000 });
    await table.lift('down for a moment');
    await table.until(goodHeartbeats, { nth: table.count(goodHeartbeats) + 1, withinMs: 60_000 });
  },
  checks: {
    'one-record-tells-all': count('one record has method, URL, cause, server URL and what to verify', {
      of: completeRecord('ECONNREFUSED'),
      given: strikes,
      atLeast: 1,
      unit: 'complete records',
    }),
    'three-attempts': count('the heartbeat is tried three times, as its record says', {
      of: dials,
      given: strikes,
      during: 'down',
      before: givenUp,
      atLeast: 3,
      atMost: 3,
      unit: 'connections asked for',
    }),
    'survived-quietly': count('a refusal that the next attempt makes good is no news', {
      of: { kind: 'agent.log', level: { anyOf: ['warn', 'error', 'fatal'] }, event: { not: 'health' } },
      since: { kind: 'fault.installed', fault: 'down for a moment' },
      given: briefly,
      atMost: 0,
      unit: 'records above DEBUG',
    }),
    'named-as-refused': each('the failure is put down to a refused connection', {
      of: failedOperations,
      has: { category: 'refused', code: 'ECONNREFUSED', attempts: 3, definite: true },
      given: strikes,
    }),
  },
  reported: ['one-record-tells-all', 'named-as-refused'],
  anySubject: {
    needs: ['stays'],
    part: (subject) =>
      course(subject, {
        fault: serverGone({ how: 'refuse' }),
        lastsMs: 60_000,
        checks: ['tells', 'noise', 'recovers'],
      }),
  },
});
