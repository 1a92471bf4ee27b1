/** R3.5, field issues J1 and J2: what goes into a log when a request fails, and who can read it there. */
import { changeRows, count, loseAnswers, noSecret, scenario, toxic } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports, reportRequests } from '../rigs/fleet.ts';
import { startReference } from '../rigs/reference.ts';

const link = 'agent→server';
const swapToken = 'UPDATE {schema}.clients SET client_token = REVERSE(client_token)';
/** What either agent writes when it gives a request up. */
const lastWords = {
  kind: 'agent.log',
  level: { anyOf: ['warn', 'error'] },
  message: { matches: '^Request was|after \\d+ attempts|^HTTP error 401: ' },
} as const;
/** Printable, with what has to be encoded in a URL: in an access log it looks different from what it is. */
const urlPassword = 'p@ss:word/4711?&Straße';

scenario({
  id: 'noise-and-leaks/secrets-stay-secret',
  title: 'No secret is written down, in whatever form and for whatever failure',
  requirements: ['R3.5'],
  story:
    'The agent has a client token that goes into every request, and an operator has put another password into the server ' +
    'URL. Then requests fail, in the ways that make people log all they have: the token is refused, the connection breaks ' +
    'while a request is under way, the server answers 503 because its database is away. Afterwards every output is searched ' +
    'for every secret, plain, URL-encoded and in base64.',
  faults: {
    lost: {
      fault: loseAnswers({ applied: appliedReports, holdMs: 1_000 }),
      link,
      from: 'manual',
      until: { strikes: 2 },
    },
    unavailable: {
      fault: toxic({ type: 'limit_data', attributes: { bytes: 0 } }),
      link: 'server→mysql',
      from: 'manual',
    },
    revoked: {
      fault: changeRows({
        kind: 'token_revoked',
        apply: swapToken,
        revert: swapToken,
        struckBy: { ...reportRequests, status: 401 },
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    table.plantSecret('password in the URL', urlPassword);
    const url = new URL(reference.url);
    url.username = 'fleet';
    url.password = encodeURIComponent(urlPassword);
    const target = { url: `${url.href}?access_token=${reference.token}`, token: reference.token };
    await startAgent(table, target, { env: { FLEET_REPORT_INTERVAL: '5', RETRY_ATTEMPTS: '2' } });
    await table.until(appliedReports, { withinMs: 300_000 });
    await table.inject('lost');
    await table.until({ kind: 'fault.lifted', fault: 'lost' }, { withinMs: 300_000 });
    for (const fault of ['unavailable', 'revoked']) {
      await table.until(appliedReports, { nth: table.count(appliedReports) + 1, withinMs: 300_000 });
      const before = table.count(lastWords);
      await table.inject(fault);
      await table.until({ kind: 'fault.strike', fault }, { withinMs: 300_000 });
      await table.until(lastWords, { nth: before + 1, withinMs: 300_000 });
      await table.lift(fault);
    }
  },
  checks: {
    'no-secret': noSecret('no planted secret stands in any output or record', {
      secrets: ['client token', 'database password', 'password in the URL', 'private key of the server'],
    }),
    'not-by-silence': count('and that is not because nothing was logged', {
      of: lastWords,
      given: { kind: 'fault.strike' },
      atLeast: 2,
      unit: 'records about failures',
    }),
    'searched-everything': count('logs of agent and server were searched for each of them', {
      of: { kind: 'lab.secret-scan', bytes: { atLeast: 1 } },
      given: { kind: 'fault.strike' },
      atLeast: 6,
      unit: 'searches',
    }),
  },
  reported: ['no-secret'],
  anySubject: {
    needs: ['requests', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: toxic({
          type: 'http_status',
          attributes: { status: 500, body: 'Internal Server Error', every: 2 },
        }),
        strikes: 2,
        lastsMs: 40_000,
        checks: ['noise', 'recovers'],
      }),
  },
});
