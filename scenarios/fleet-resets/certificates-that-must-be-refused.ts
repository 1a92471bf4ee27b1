/** R1.1's own remedy switched verification off; here five certificates that nobody may accept. */
import {
  type CertificateFlaw,
  certificateFlaws,
  count,
  each,
  flawedCertificate,
  issueFlawed,
  type Matcher,
  scenario,
  type Table,
} from 'shaketable';
import { createAgent } from '../rigs/agent.ts';
import { anyToken, inVain } from '../rigs/any-subject.ts';
import { createChannel } from '../rigs/channel.ts';
import { readEvents } from '../rigs/event-feed.ts';
import { startOtherService } from '../rigs/other-service.ts';
import { serverHost, startReference, startTwin } from '../rigs/reference.ts';
import { createSync } from '../rigs/sync.ts';

const flaws = Object.keys(certificateFlaws) as CertificateFlaw[];
const linkOf = (flaw: CertificateFlaw): string => `agent→server, ${flaw}`;
/** The sync worker was started against the database whose authority it does not know. */
const toDatabase = { kind: 'subject.note', name: 'start' } satisfies Matcher;
const met = { kind: 'tls.client-hello', link: { matches: '^agent→server, ' } } satisfies Matcher;

/** Those that are another thing each to a program that the lab has never seen; it is started once for each. */
const strangersFlaws: readonly CertificateFlaw[] = ['expired', 'wrong_host', 'unknown_ca'];

/** A server with such a certificate behind a link of its own. */
async function flawedTarget(table: Table, flaw: CertificateFlaw) {
  const identity = await issueFlawed(table.authority, flaw, ['localhost', '127.0.0.1']);
  const link = await table.link(linkOf(flaw), await startOtherService(table, identity));
  return { link, token: anyToken(table) };
}

scenario({
  id: 'fleet-resets/certificates-that-must-be-refused',
  title: 'A server that cannot prove who it is gets no request',
  requirements: ['R1.1', 'R2.1'],
  story:
    'The first report made its certificate errors go away by switching verification off. An agent that does that hands its ' +
    'token to whoever answers. Five servers wait here whose certificates are expired, not yet valid, for another host, ' +
    'self-signed, or from an authority that nobody trusts; none of them may see a request, a WebSocket or the reader of a stream. Nor may a database ' +
    'whose certificate comes from an authority that the worker was not told of see its password or a statement.',
  faults: Object.fromEntries(
    flaws.map((flaw) => [flaw, { fault: flawedCertificate(flaw, linkOf(flaw)), link: linkOf(flaw) }]),
  ),
  play: async (table) => {
    const reference = await startReference(table);
    for (const flaw of flaws) {
      const { chainPem, keyPem } = await issueFlawed(table.authority, flaw, [serverHost, 'localhost']);
      const { url } = await startTwin(table, reference, {
        linkName: linkOf(flaw),
        tls: { cert: chainPem, key: keyPem },
      });
      const target = { url, token: reference.token };
      const agent = await createAgent(table, target, { name: `agent-${flaw}` });
      const started = await agent.start().then(
        () => true,
        () => false,
      );
      table.note('started', { flaw, started });
      const { channel } = createChannel(table, target, { userId: `user-${flaw}` });
      await channel.open().catch(() => {});
      readEvents(table, { url: `${url}/events`, token: reference.token }, `reader-${flaw}`);
      await table.until({ ...met, link: linkOf(flaw) }, { withinMs: 60_000 });
    }
    const worker = await createSync(table, { own: false, ca: table.authority.certPem });
    await worker.start();
  },
  checks: {
    'no-request': count('no server with a flawed certificate sees a request', {
      of: { kind: 'server.log', event: 'request' },
      given: met,
      atMost: 0,
      unit: 'requests',
    }),
    'no-websocket': count('nor a WebSocket', {
      of: { kind: 'server.log', event: 'ws_open' },
      given: met,
      atMost: 0,
      unit: 'WebSockets',
    }),
    'no-handshake': count('no handshake with one is completed', {
      of: { ...met, kind: 'tls.handshake', outcome: 'complete' },
      given: met,
      atMost: 0,
      unit: 'handshakes',
    }),
    'does-not-start': each('the agent does not start work with such a server', {
      of: { kind: 'subject.note', name: 'started' },
      has: { started: false },
      given: met,
    }),
    'no-login': each('the worker does not log in to such a database', {
      of: toDatabase,
      has: { ok: false },
      given: toDatabase,
    }),
    'says-that-it-does-not-start': count('each agent says that it does not start', {
      of: { kind: 'agent.log', level: 'error', message: { matches: 'the agent does not start$' } },
      given: met,
      atLeast: flaws.length,
      atMost: flaws.length,
      unit: 'records',
    }),
    'named-as-tls': each('the failure is named as one of TLS, with its cause', {
      of: { kind: 'agent.log', level: { anyOf: ['error', 'fatal'] }, category: { exists: true } },
      has: { category: 'tls', cause: { exists: true } },
      given: met,
    }),
  },
  reported: ['no-request', 'no-websocket', 'no-handshake', 'does-not-start', 'no-login', 'named-as-tls'],
  anySubject: {
    needs: ['tls'],
    part: (subject) =>
      inVain(subject, ['certificate-refused', 'tells', 'noise', 'exit', 'leaves-nothing'], {
        faults: Object.fromEntries(
          strangersFlaws.map((flaw) => [
            flaw,
            { fault: flawedCertificate(flaw, linkOf(flaw)), link: linkOf(flaw) },
          ]),
        ),
        start: (table) => Promise.all(strangersFlaws.map((flaw) => flawedTarget(table, flaw))),
      }),
  },
});
