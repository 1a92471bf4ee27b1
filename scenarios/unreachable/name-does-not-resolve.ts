/** R2.1: the server's name does not resolve any more. */
import { count, each, type Matcher, ownWorlds, scenario, unresolvableName } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { inVain, takeSeat } from '../rigs/any-subject.ts';
import { serverHost, startReference } from '../rigs/reference.ts';
import { completeRecord, failedOperations, givenUp, goodHeartbeats } from '../rigs/unreachable.ts';

const lookups = { kind: 'fault.strike', fault: 'no-such-name' } satisfies Matcher;

scenario({
  id: 'unreachable/name-does-not-resolve',
  title: 'A name that does not resolve is named as such, not as a server that is down',
  requirements: ['R2.1', 'R2.2'],
  worlds: [...ownWorlds, 'external'],
  story:
    'The server runs and its port is open, but its name does not resolve any more. No packet of the agent leaves the ' +
    'machine, so nobody but its log can tell. After the last attempt one record has to name the cause and what to verify, ' +
    'and the resolver must not be asked ten times a second.',
  faults: { 'no-such-name': { fault: unresolvableName(serverHost), from: 'manual' } },
  play: async (table) => {
    const reference = await startReference(table);
    await startAgent(table, reference, { env: { HEARTBEAT_INTERVAL: '30' } });
    await table.until(goodHeartbeats, { withinMs: 60_000 });
    await table.inject('no-such-name');
    await table.until(givenUp, { withinMs: 60_000 });
    await table.lift('no-such-name');
  },
  checks: {
    'one-record-tells-all': count('one record names the host that does not resolve, and all the rest', {
      of: completeRecord(`The name ${serverHost} does not resolve[^\\n]*ENOTFOUND`),
      given: lookups,
      atLeast: 1,
      unit: 'complete records',
    }),
    'three-lookups': count('the name is looked up once for each of three attempts', {
      of: lookups,
      given: lookups,
      during: 'no-such-name',
      before: givenUp,
      atLeast: 3,
      atMost: 3,
      unit: 'look-ups',
    }),
    'named-as-name-resolution': each('the failure is put down to name resolution', {
      of: failedOperations,
      has: { category: 'name_resolution', code: 'ENOTFOUND', attempts: 3, definite: true },
      given: lookups,
    }),
  },
  reported: ['one-record-tells-all', 'three-lookups', 'named-as-name-resolution'],
  anySubject: {
    part: (subject) =>
      inVain(subject, ['gives-up', 'tells', 'noise', 'exit', 'leaves-nothing'], {
        start: async (table) => {
          const { link, token } = await takeSeat(table, subject);
          const scheme = subject.tls ? 'https' : 'http';
          // RFC 6761: nobody will ever have a name below .invalid.
          return [{ link, token, url: `${scheme}://server.shaketable.invalid:${link.port}` }];
        },
      }),
  },
});
