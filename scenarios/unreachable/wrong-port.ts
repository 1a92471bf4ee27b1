/** R2.1: the configured port is somebody else's. */
import { count, each, type Matcher, scenario, subjectLink, wrongService } from 'shaketable';
import { createAgent } from '../rigs/agent.ts';
import { anyToken, inVain } from '../rigs/any-subject.ts';
import { startOtherService } from '../rigs/other-service.ts';
import { serverHost, startReference } from '../rigs/reference.ts';
import { completeRecord, errorRecords, failedOperations, startFailed } from '../rigs/unreachable.ts';

const [toDatabase, toWebServer] = ['agent→database', 'agent→web server'];
const answered = { kind: 'connection.through', link: { anyOf: [toDatabase, toWebServer] } } satisfies Matcher;

scenario({
  id: 'unreachable/wrong-port',
  title: 'A port where something else answers is not taken for a server that is down',
  requirements: ['R2.1', 'R2.2'],
  story:
    'Two agents are configured with a wrong port: one leads to the database, which greets them in its own protocol, one to ' +
    'a web server that knows none of their paths. Both connect, so that a look at the network shows nothing. As reported, ' +
    'the log cut the TLS library’s words off before they said anything. It has to say that something else answers.',
  faults: {
    database: {
      fault: wrongService({ link: toDatabase, answers: 'a MySQL database' }),
      link: toDatabase,
    },
    'web-server': {
      fault: wrongService({ link: toWebServer, answers: 'a web server with a trusted certificate' }),
      link: toWebServer,
    },
  },
  play: async (table) => {
    const { token, database } = await startReference(table);
    const wrong = {
      'agent-001': await table.link(toDatabase, database.server),
      'agent-002': await table.link(toWebServer, await startOtherService(table)),
    };
    for (const [name, { port }] of Object.entries(wrong)) {
      const target = { url: `https://${serverHost}:${port}`, token };
      const agent = await createAgent(table, target, { name, env: { HEARTBEAT_INTERVAL: '30' } });
      const before = table.count(startFailed);
      // The hardened agent does not start; what it says about that stands in its log.
      await agent.start().catch(() => {});
      await table.until(startFailed, { nth: before + 1, withinMs: 60_000 });
    }
  },
  checks: {
    'says-what-answers': count(
      'for each agent a record says that it is not the expected server that answers',
      {
        of: completeRecord('Something answers at [^\\n]*but it is not the expected server', { attempts: 1 }),
        given: answered,
        atLeast: 2,
        unit: 'complete records',
      },
    ),
    'starts-in-vain': count('each agent says that it did not start', {
      of: startFailed,
      given: answered,
      atLeast: 2,
      unit: 'records',
    }),
    'not-called-unreachable': count('nobody is told that the server cannot be reached', {
      of: { ...errorRecords, message: { matches: 'Cannot connect to server|Nothing listens' } },
      given: answered,
      atMost: 0,
      unit: 'records',
    }),
    'named-as-protocol': each('each failure is put down to the wrong protocol', {
      of: failedOperations,
      has: { category: 'protocol', attempts: { atLeast: 1 } },
      given: answered,
    }),
  },
  reported: ['says-what-answers', 'not-called-unreachable', 'named-as-protocol'],
  anySubject: {
    needs: ['tls'],
    part: (subject) =>
      inVain(subject, ['gives-up', 'back-off', 'tells', 'noise', 'exit', 'leaves-nothing'], {
        faults: {
          'web-server': {
            fault: wrongService({ link: subjectLink, answers: 'a web server with a trusted certificate' }),
            link: subjectLink,
          },
        },
        start: async (table) => [
          { link: await table.link(subjectLink, await startOtherService(table)), token: anyToken(table) },
        ],
      }),
  },
});
