/** The records that operations leave in the log, to the byte: what reads these logs in the field reads them by field. */
import { expect, it } from 'vitest';
import type { Operation } from '../../../../services/agent/http/operation.ts';
import { OperationLog } from '../../../../services/agent/http/operation-log.ts';
import { classify, HttpStatusError } from '../../../../services/agent/shared/errors.ts';
import { createLog } from '../../../../services/agent/shared/log.ts';
import { LogThrottle } from '../../../../services/agent/shared/log-throttle.ts';
import { createRedactor } from '../../../../services/agent/shared/redact.ts';
import { classifyDatabase } from '../../../../services/agent/sync/errors.ts';
import { SyncRecords } from '../../../../services/agent/sync/records.ts';
import { ChannelRecords } from '../../../../services/agent/websocket/records.ts';
import { seededRandom } from '../../../../services/random.ts';
import { manualClock } from '../../../support/manual-clock.ts';

function openSink() {
  const clock = manualClock(0);
  const lines: string[] = [];
  return { clock, lines, sink: { write: (line: string) => lines.push(line) } };
}

/** An error as a library throws it, with a stack that is the same on every machine. */
function thrown(code: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), {
    code,
    stack: `Error: ${message}\n    at library.js:1:1`,
    ...more,
  });
}

function httpRecords() {
  const { clock, lines, sink } = openSink();
  const log = createLog({ clock, sink, redactor: createRedactor([]), level: 'debug' });
  const throttle = new LogThrottle(log, clock);
  return { lines, throttle, records: new OperationLog(log, throttle, new URL('https://server.test:8443/')) };
}

const heartbeat: Operation<unknown> = {
  name: 'heartbeat',
  method: 'POST',
  path: '/api/agents/a-1/heartbeat',
  idempotent: true,
  authenticated: true,
  parse: () => undefined,
};

it('writes the outcomes of HTTP operations as ever', () => {
  const { lines, records, throttle } = httpRecords();
  const error = thrown('ECONNRESET', 'read ECONNRESET');
  const record = {
    operation: heartbeat,
    failure: classify(error, 'wait'),
    error,
    attempts: 3,
    durationMs: 12,
  };
  const late = thrown('ETIMEDOUT', 'no answer');
  const lateRecord = { ...record, failure: classify(late, 'wait'), error: late };

  records.attemptFailed({ ...record, attempt: 1, lost: 'stale' }, 0);
  records.attemptFailed({ ...record, attempt: 1 }, 1_000);
  records.attemptFailed({ ...lateRecord, attempt: 2 }, 2_000);
  records.givenUp({ ...record, attempt: 3 });
  for (const attempt of [3, 3]) records.givenUp({ ...lateRecord, attempt }, { connectMs: 3, tlsMs: 5_000 });
  records.givenUp({ ...record, attempt: 3 });
  records.failedQuietly({ ...record, attempt: 1, attempts: 1 });
  records.succeeded(heartbeat);
  records.succeeded(heartbeat);
  throttle[Symbol.dispose]();

  expect(lines).toMatchInlineSnapshot(`
    [
      "{"level":"debug","time":0,"event":"attempt_failed","operation":"heartbeat","method":"POST","url":"https://server.test:8443/api/agents/a-1/heartbeat","attempt":1,"attempts":3,"category":"reset","severity":"low","code":"ECONNRESET","definite":false,"phase":"wait","durationMs":12,"delayMs":0,"lost":"stale","msg":"Connection error (attempt 1/3): POST https://server.test:8443/api/agents/a-1/heartbeat - read ECONNRESET - retrying in 0s"}
    ",
      "{"level":"debug","time":0,"event":"attempt_failed","operation":"heartbeat","method":"POST","url":"https://server.test:8443/api/agents/a-1/heartbeat","attempt":1,"attempts":3,"category":"reset","severity":"low","code":"ECONNRESET","definite":false,"phase":"wait","durationMs":12,"delayMs":1000,"msg":"Connection error (attempt 1/3): POST https://server.test:8443/api/agents/a-1/heartbeat - read ECONNRESET - retrying in 1s"}
    ",
      "{"level":"warn","time":0,"event":"attempt_failed","operation":"heartbeat","method":"POST","url":"https://server.test:8443/api/agents/a-1/heartbeat","attempt":2,"attempts":3,"category":"timeout","severity":"medium","code":"ETIMEDOUT","definite":false,"phase":"wait","durationMs":12,"delayMs":2000,"msg":"Request timeout (attempt 2/3): POST https://server.test:8443/api/agents/a-1/heartbeat - retrying in 2s"}
    ",
      "{"level":"error","time":0,"event":"operation_failed","operation":"heartbeat","method":"POST","url":"https://server.test:8443/api/agents/a-1/heartbeat","attempt":3,"attempts":3,"category":"reset","severity":"low","code":"ECONNRESET","definite":false,"phase":"wait","durationMs":12,"cause":"The connection was reset while the request was under way: the server or a proxy dropped it (read ECONNRESET)","serverUrl":"https://server.test:8443","verify":"Verify server is running and CLIENT_TOKEN is valid","err":{"type":"Error","message":"read ECONNRESET","code":"ECONNRESET","stack":"Error: read ECONNRESET\\n    at library.js:1:1"},"msg":"Connection error after 3 attempts: POST https://server.test:8443/api/agents/a-1/heartbeat - The connection was reset while the request was under way: the server or a proxy dropped it (read ECONNRESET)\\nServer URL configured as: https://server.test:8443\\nVerify server is running and CLIENT_TOKEN is valid"}
    ",
      "{"level":"error","time":0,"event":"operation_failed","operation":"heartbeat","method":"POST","url":"https://server.test:8443/api/agents/a-1/heartbeat","attempt":3,"attempts":3,"category":"timeout","severity":"medium","code":"ETIMEDOUT","definite":false,"phase":"wait","durationMs":12,"cause":"The server did not answer in time (no answer)","serverUrl":"https://server.test:8443","verify":"Verify server is running and CLIENT_TOKEN is valid","probableCause":"slow_network","probe":{"connectMs":3,"tlsMs":5000},"err":{"type":"Error","message":"no answer","code":"ETIMEDOUT","stack":"Error: no answer\\n    at library.js:1:1"},"msg":"Request timeout after 3 attempts: POST https://server.test:8443/api/agents/a-1/heartbeat - The server did not answer in time (no answer)\\nServer URL configured as: https://server.test:8443\\nVerify server is running and CLIENT_TOKEN is valid"}
    ",
      "{"level":"debug","time":0,"event":"attempt_failed","operation":"heartbeat","method":"POST","url":"https://server.test:8443/api/agents/a-1/heartbeat","attempt":1,"attempts":1,"category":"reset","severity":"low","code":"ECONNRESET","definite":false,"phase":"wait","durationMs":12,"msg":"POST https://server.test:8443/api/agents/a-1/heartbeat failed - read ECONNRESET"}
    ",
      "{"level":"error","time":0,"event":"operation_failed","operation":"heartbeat","method":"POST","url":"https://server.test:8443/api/agents/a-1/heartbeat","attempt":3,"attempts":3,"category":"reset","severity":"low","code":"ECONNRESET","definite":false,"phase":"wait","durationMs":12,"cause":"The connection was reset while the request was under way: the server or a proxy dropped it (read ECONNRESET)","serverUrl":"https://server.test:8443","verify":"Verify server is running and CLIENT_TOKEN is valid","err":{"type":"Error","message":"read ECONNRESET","code":"ECONNRESET","stack":"Error: read ECONNRESET\\n    at library.js:1:1"},"heldBackMs":0,"msg":"Connection error after 3 attempts: POST https://server.test:8443/api/agents/a-1/heartbeat - The connection was reset while the request was under way: the server or a proxy dropped it (read ECONNRESET)\\nServer URL configured as: https://server.test:8443\\nVerify server is running and CLIENT_TOKEN is valid"}
    ",
      "{"level":"error","time":0,"event":"operation_failed","operation":"heartbeat","method":"POST","url":"https://server.test:8443/api/agents/a-1/heartbeat","attempt":3,"attempts":3,"category":"timeout","severity":"medium","code":"ETIMEDOUT","definite":false,"phase":"wait","durationMs":12,"cause":"The server did not answer in time (no answer)","serverUrl":"https://server.test:8443","verify":"Verify server is running and CLIENT_TOKEN is valid","probableCause":"slow_network","probe":{"connectMs":3,"tlsMs":5000},"err":{"type":"Error","message":"no answer","code":"ETIMEDOUT","stack":"Error: no answer\\n    at library.js:1:1"},"heldBackMs":0,"msg":"Request timeout after 3 attempts: POST https://server.test:8443/api/agents/a-1/heartbeat - The server did not answer in time (no answer)\\nServer URL configured as: https://server.test:8443\\nVerify server is running and CLIENT_TOKEN is valid"}
    ",
      "{"level":"info","time":0,"event":"operation_recovered","operation":"heartbeat","failures":4,"msg":"heartbeat works again after 4 failed operations"}
    ",
    ]
  `);
});

it('writes the outcomes of database operations as ever', () => {
  const { clock, lines, sink } = openSink();
  const database = { host: 'db.test', port: 3306, user: 'u', password: 'planted-password', database: 'lab' };
  const log = sink as unknown as NodeJS.WritableStream;
  const records = new SyncRecords({ clock, database, log, random: seededRandom(1) });
  const error = thrown('ER_LOCK_DEADLOCK', 'Deadlock found for planted-password', { errno: 1213 });
  const attempt = { operation: 'sync', error, failure: classifyDatabase(error, false), durationMs: 7.6 };

  records.attemptFailed({ ...attempt, attempt: 1 }, 6, 210);
  for (const number of [6, 6, 6]) records.failed({ ...attempt, attempt: number });
  records.succeeded('sync');
  records.succeeded('sync');
  records[Symbol.dispose]();

  expect(lines).toMatchInlineSnapshot(`
    [
      "{"level":"debug","time":0,"event":"attempt_failed","operation":"sync","attempt":1,"durationMs":8,"category":"database","severity":"low","code":"ER_LOCK_DEADLOCK","definite":true,"attempts":6,"delayMs":210,"msg":"Database sync attempt 1/6 failed, next in 210 ms"}
    ",
      "{"level":"error","time":0,"event":"operation_failed","operation":"sync","attempt":6,"durationMs":8,"category":"database","severity":"low","code":"ER_LOCK_DEADLOCK","definite":true,"cause":"Deadlock found for [redacted]","server":"db.test:3306/lab","err":{"type":"Error","message":"Deadlock found for [redacted]","code":"ER_LOCK_DEADLOCK","stack":"Error: Deadlock found for [redacted]\\n    at library.js:1:1"},"msg":"Database sync failed after 6 attempts at db.test:3306/lab: Deadlock found for [redacted]"}
    ",
      "{"level":"error","time":0,"event":"suppressed","key":"operation_failed sync ER_LOCK_DEADLOCK","count":1,"sinceMs":0,"msg":"1 more like this in 0 s: operation_failed sync ER_LOCK_DEADLOCK"}
    ",
      "{"level":"error","time":0,"event":"operation_failed","operation":"sync","attempt":6,"durationMs":8,"category":"database","severity":"low","code":"ER_LOCK_DEADLOCK","definite":true,"cause":"Deadlock found for [redacted]","server":"db.test:3306/lab","err":{"type":"Error","message":"Deadlock found for [redacted]","code":"ER_LOCK_DEADLOCK","stack":"Error: Deadlock found for [redacted]\\n    at library.js:1:1"},"heldBackMs":0,"msg":"Database sync failed after 6 attempts at db.test:3306/lab: Deadlock found for [redacted]"}
    ",
      "{"level":"info","time":0,"event":"operation_recovered","operation":"sync","failures":3,"msg":"Database sync works again after 3 failures"}
    ",
    ]
  `);
});

it('writes the outcomes of WebSocket connections as ever', () => {
  const { clock, lines, sink } = openSink();
  const records = new ChannelRecords({
    clock,
    url: 'wss://server.test:8443/ws?user=u',
    token: 'planted-token-of-a-client',
    environment: 'development',
    userId: 'u',
    random: seededRandom(1),
    dial: () => {
      throw new Error('not dialled');
    },
    log: sink as unknown as NodeJS.WritableStream,
  });
  const error = thrown('ECONNREFUSED', 'connect ECONNREFUSED');
  const refused = new HttpStatusError(401, '{"error":"Invalid client token"}');

  records.attemptFailed({ error, attempt: 1, attempts: 5, durationMs: 3.4 }, 900);
  records.outage({ error, attempt: 5, attempts: 5, durationMs: 3 }, 'Still trying.');
  records.recovered(7);
  records.outage({ error: refused, attempt: 1, attempts: 5, durationMs: 3 }, 'Giving up.');
  records[Symbol.dispose]();

  expect(lines).toMatchInlineSnapshot(`
    [
      "{"level":"debug","time":0,"event":"attempt_failed","operation":"ws_connect","method":"GET","url":"wss://server.test:8443/ws?user=u","attempt":1,"attempts":5,"durationMs":3,"category":"refused","severity":"high","code":"ECONNREFUSED","definite":true,"delayMs":900,"msg":"WebSocket attempt 1/5 failed, next in 900 ms"}
    ",
      "{"level":"error","time":0,"event":"operation_failed","operation":"ws_connect","method":"GET","url":"wss://server.test:8443/ws?user=u","attempt":5,"attempts":5,"durationMs":3,"category":"refused","severity":"high","code":"ECONNREFUSED","definite":true,"cause":"connect ECONNREFUSED","server":"wss://server.test:8443/ws?user=u","err":{"type":"Error","message":"connect ECONNREFUSED","code":"ECONNREFUSED","stack":"Error: connect ECONNREFUSED\\n    at library.js:1:1"},"msg":"WebSocket to wss://server.test:8443/ws?user=u not opened in 5 attempts: connect ECONNREFUSED. Still trying."}
    ",
      "{"level":"info","time":0,"event":"operation_recovered","operation":"ws_connect","failures":7,"msg":"WebSocket is open again after 7 failures"}
    ",
      "{"level":"error","time":0,"event":"auth_refused","status":401,"body":"{\\"error\\":\\"Invalid client token\\"}","confirmed":true,"server":"wss://server.test:8443/ws?user=u","tokenPreview":"planted-...ient","msg":"WebSocket refused with 401, not trying again: check the client token"}
    ",
    ]
  `);
});
