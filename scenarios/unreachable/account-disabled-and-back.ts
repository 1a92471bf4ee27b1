/** R2.4 R2.13: the client account is switched off, and on again. */
import { changeRows, count, each, followed, type Matcher, scenario } from 'shaketable';
import { startAgent } from '../rigs/agent.ts';
import { course, refusedWith } from '../rigs/any-subject.ts';
import { answers, curl, testPath } from '../rigs/curl.ts';
import { startReference } from '../rigs/reference.ts';
import { errorRecords, goodHeartbeats } from '../rigs/unreachable.ts';

const refused = {
  kind: 'server.log',
  event: 'request',
  status: 403,
  path: { not: testPath },
} satisfies Matcher;
const refusedHeartbeats = { ...refused, route: '/api/agents/:id/heartbeat' };
const reports = { ...errorRecords, message: { matches: 'HTTP error 403' } };
const accounts = { kind: 'database.rows', query: 'client', 'rows.0.id': { exists: true } } satisfies Matcher;

scenario({
  id: 'unreachable/account-disabled-and-back',
  title: 'A disabled account is reported once, and noticed when it is back',
  requirements: ['R2.4', 'R2.13'],
  story:
    'An administrator sets is_active of a client to 0, and a minute later to 1 again. In between every request is ' +
    'answered 403. As reported, the agent hammers the server with repetitions and fills its log. It should report the matter ' +
    'once, go on at its usual interval, and be at work again, without anybody’s help, when the account is.',
  fastPace: 30,
  faults: {
    disabled: {
      fault: changeRows({
        kind: 'account_disabled',
        apply: 'UPDATE {schema}.clients SET is_active = 0',
        revert: 'UPDATE {schema}.clients SET is_active = 1',
        struckBy: refused,
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const reference = await startReference(table);
    const sql = 'SELECT id, name, is_active FROM {schema}.clients WHERE client_token =';
    table.poll('client', `${sql} '${reference.token}'`, 5_000);
    await startAgent(table, reference, { env: { HEARTBEAT_INTERVAL: '30' } });
    await table.until(goodHeartbeats, { withinMs: 60_000 });
    await table.inject('disabled');
    await curl(table, reference);
    // Two heartbeats fall into this time: the second one confirms what the first one made suspect.
    await table.sleep(65_000);
    await table.until(reports, { withinMs: 60_000 });
    await table.lift('disabled');
    await table.until(goodHeartbeats, { nth: table.count(goodHeartbeats) + 1, withinMs: 60_000 });
  },
  checks: {
    'answer-word-for-word': each('the server answers as in the report', {
      of: answers,
      has: { status: 403, body: '{"error":"Client account is not active"}' },
      given: answers,
    }),
    'row-says-disabled': count('the guide’s query shows the account as disabled meanwhile', {
      of: { ...accounts, 'rows.0.is_active': 0 },
      given: accounts,
      during: 'disabled',
      atLeast: 1,
      unit: 'looks',
    }),
    'no-hammering': count('a heartbeat that is refused is not repeated: two are due in the time', {
      of: refusedHeartbeats,
      given: refused,
      atMost: 4,
      unit: 'requests answered 403',
    }),
    'reported-once': count('the refusal is reported once, with the server’s answer', {
      of: reports,
      given: refused,
      atLeast: 1,
      atMost: 1,
      unit: 'ERROR records',
    }),
    'report-has-the-answer': each('that record has the server’s answer, word for word', {
      of: reports,
      has: { message: { matches: 'Response: \\{"error":"Client account is not active"\\}' } },
      given: refused,
    }),
    'back-by-itself': followed('heartbeats are accepted again once the account is active', {
      each: { kind: 'fault.lifted', fault: 'disabled' },
      by: goodHeartbeats,
      withinMs: 60_000,
    }),
    'says-it-is-back': count('the log says that it is over', {
      of: { kind: 'agent.log', event: 'operation_recovered', operation: 'authentication' },
      given: refused,
      after: 'disabled',
      atLeast: 1,
      atMost: 1,
      unit: 'records',
    }),
  },
  reported: ['no-hammering', 'reported-once', 'report-has-the-answer', 'says-it-is-back'],
  anySubject: {
    needs: ['requests', 'stays'],
    part: (subject) =>
      course(subject, {
        open: true,
        fault: refusedWith(403, 'Client account is not active'),
        lastsMs: 60_000,
        checks: ['refusal-is-final', 'tells', 'noise', 'recovers'],
      }),
  },
});
