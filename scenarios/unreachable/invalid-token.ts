/** R2.3 R2.9 R2.13: the client token is not valid any more. */
import { accounted, changeRows, count, each, type Matcher, noSecret, scenario } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course, refusedWith } from '../rigs/any-subject.ts';
import { answers, curl, testPath } from '../rigs/curl.ts';
import { startReference } from '../rigs/reference.ts';
import { errorRecords, goodHeartbeats } from '../rigs/unreachable.ts';

const refused = {
  kind: 'server.log',
  event: 'request',
  status: 401,
  path: { not: testPath },
} satisfies Matcher;
/** What either agent writes when it has made up its mind. */
const reports = {
  ...errorRecords,
  message: { matches: '^Request failed|^HTTP error 401: (GET|POST) ' },
};
const looks = {
  kind: 'database.rows',
  query: 'auth failures',
  'rows.0.event_type': { exists: true },
} satisfies Matcher;

scenario({
  id: 'unreachable/invalid-token',
  title: 'A refused token is reported once, not tried again, and never shown',
  requirements: ['R2.3', 'R2.9', 'R2.13'],
  story:
    'Somebody replaces a client’s token in the database while its agent is at work. From then on every request is answered ' +
    '401. No repetition will change that, but as reported the agent repeats each one ten times and writes the whole request ' +
    'into its log, token included. One record has to say what the server answered, with no more than a preview of the token.',
  faults: {
    revoked: {
      fault: changeRows({
        kind: 'token_replaced',
        apply: 'UPDATE {schema}.clients SET client_token = REVERSE(client_token)',
        struckBy: refused,
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const env = {
      HEARTBEAT_INTERVAL: '30',
      PENDING_COMMANDS_CHECK_INTERVAL: '15',
      REQUEST_TIMEOUT: '300',
      CONNECT_TIMEOUT: '300',
    };
    await startAgent(table, reference, { env });
    await table.until(goodHeartbeats, { withinMs: 60_000 });
    table.poll(
      'auth failures',
      `SELECT * FROM {schema}.system_events WHERE event_type = 'auth_failed' ORDER BY timestamp DESC LIMIT 20`,
      5_000,
    );
    await table.inject('revoked');
    await curl(table, reference);
    // Two heartbeats and four polls for commands are due in a minute; no request is under way when the agent is stopped then.
    await table.sleep(67_500);
    await table.until(reports, { withinMs: 60_000 });
  },
  checks: {
    'answer-word-for-word': each('the server answers as in the report', {
      of: answers,
      has: { status: 401, body: '{"error":"Invalid client token"}' },
      given: answers,
    }),
    'not-tried-again': count('no request is repeated: a minute has six of them', {
      of: refused,
      given: refused,
      atMost: 8,
      unit: 'requests answered 401',
    }),
    'reported-once': count('the refusal is reported once', {
      of: { ...errorRecords, message: { matches: 'HTTP error 401' } },
      given: refused,
      atLeast: 1,
      atMost: 1,
      unit: 'ERROR records',
    }),
    'others-are-counted': accounted('and the others are counted', {
      happened: refused,
      told: { ...errorRecords, event: 'auth_refused', confirmed: true },
      counted: { of: { kind: 'agent.log', event: 'suppressed', key: 'auth_refused' }, field: 'count' },
      fewest: 4,
    }),
    'record-as-reported': count('the record has URL, answer, remedy and the preview of the token', {
      of: {
        ...errorRecords,
        message: {
          matches: [
            '^HTTP error 401: (GET|POST) https://server\\.shaketable\\.test:\\d+/api/agents/\\S+',
            'Response: \\{"error":"Invalid client token"\\}',
            'Authentication failed - check CLIENT_TOKEN configuration',
            'Current token: tok.{5}\\.\\.\\..{4}$',
          ].join('\\n'),
        },
      },
      given: refused,
      atLeast: 1,
      unit: 'such records',
    }),
    'rows-tell-the-reason': each('the guide’s query finds them, with the reason and the preview', {
      of: looks,
      has: {
        'rows.0.event_type': 'auth_failed',
        'rows.0.details': { matches: 'invalid_token.*tok.{5}\\.\\.\\..{4}' },
      },
      given: refused,
    }),
    'token-stays-secret': noSecret('the token stands in no log and no row', { secrets: ['client token'] }),
  },
  reported: ['not-tried-again', 'reported-once', 'record-as-reported', 'token-stays-secret'],
  anySubject: {
    needs: ['requests'],
    part: (subject) =>
      course(subject, {
        open: true,
        fromStart: true,
        fault: refusedWith(401, 'Invalid client token'),
        lastsMs: 60_000,
        checks: ['refusal-is-final', 'tells', 'noise'],
      }),
  },
});
