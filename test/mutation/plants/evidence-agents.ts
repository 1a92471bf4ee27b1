/** Mutants for checks of agents and their server that nothing had failed: nobody knew whether they could. */
import type { Mutant } from '../mutant.ts';

export const evidenceAgents: readonly Mutant[] = [
  {
    name: 'each-report-twice',
    what: 'each report is delivered twice, each time as another one',
    file: 'services/agent/http/hardened/work.ts',
    find: 'await this.#parts.client.call(sendReport(report), signal);',
    replace:
      'await this.#parts.client.call(sendReport(report), signal);\n      const again = { ...report, idempotencyKey: report.idempotencyKey + "/again" };\n      await this.#parts.client.call(sendReport(again), signal);',
    caughtBy: [
      'fleet-resets/flaky-handshakes: nothing-twice',
      'fleet-resets/idle-connection-reset: nothing-twice',
      'fleet-resets/ten-minute-outage: nothing-twice',
    ],
  },
  {
    name: 'numbers-left-out',
    what: 'every other number of a report is left out',
    file: 'services/agent/http/hardened/work.ts',
    find: 'this.#sequence += 1;',
    replace: 'this.#sequence += 2;',
    caughtBy: [
      'fleet-resets/keep-alive-runs-out: nothing-lost',
      'fleet-resets/one-report-per-cycle: nothing-lost',
    ],
  },
  {
    name: 'report-that-is-refused',
    what: 'every third report is one that the server takes for invalid',
    file: 'services/agent/http/operation.ts',
    find: 'sequence: report.sequence, ...report.payload',
    replace:
      'sequence: report.sequence % 3 === 2 ? String(report.sequence) : report.sequence, ...report.payload',
    caughtBy: [
      'fleet-resets/one-handshake-per-request: nothing-refused',
      'fleet-resets/one-report-per-cycle: nothing-refused',
    ],
  },
  {
    name: 'line-cut-at-rotation',
    what: 'the line that makes the log rotate begins in the old file',
    file: 'services/agent/http/log-file.ts',
    find: 'if (size > 0 && size + bytes.length > maxBytes) descriptor = rotate(descriptor);',
    replace:
      'if (size > 0 && size + bytes.length > maxBytes) {\n        writeFully(descriptor, bytes.subarray(0, 40));\n        descriptor = rotate(descriptor);\n      }',
    caughtBy: ['noise-and-leaks/logs-rotate: nothing-cut'],
  },
  {
    name: 'only-fatal-is-logged',
    what: 'the level that was configured is ignored, and next to nothing is logged',
    file: 'services/agent/http/hardened/agent.ts',
    find: 'const { level } = config.log;',
    replace: "const level = 'fatal';",
    caughtBy: [
      'noise-and-leaks/secrets-stay-secret: not-by-silence',
      'noise-and-leaks/secrets-stay-secret: searched-everything',
    ],
  },
  {
    name: 'other-words-on-403',
    what: 'the answer to a suspended account has other words',
    file: 'services/server/http/errors.ts',
    find: "'Client account is not active'",
    replace: "'Account suspended'",
    caughtBy: ['unreachable/account-disabled-and-back: answer-word-for-word'],
  },
  {
    name: 'other-words-on-404',
    what: 'the answer to an unknown agent has other words',
    file: 'services/server/http/errors.ts',
    find: "new HttpError(404, 'Agent not found')",
    replace: "new HttpError(404, 'Agent not found: register again')",
    caughtBy: ['unreachable/agent-row-deleted: answer-word-for-word'],
  },
  {
    name: 'other-words-on-401',
    what: 'the answer to an unknown token has other words',
    file: 'services/server/http/errors.ts',
    find: "'Invalid client token'",
    replace: "'Unauthorized'",
    caughtBy: ['unreachable/invalid-token: answer-word-for-word'],
  },
  {
    name: 'start-in-vain-untold',
    what: 'an agent that does not start does not say so',
    file: 'services/agent/http/hardened/start-up-check.ts',
    find: `    if (!signal.aborted) log.error('✗ Server is not usable (health check failed), the agent does not start');
`,
    replace: '',
    caughtBy: ['unreachable/wrong-port: starts-in-vain'],
  },
  {
    name: 'seconds-of-seconds',
    what: 'Retry-After is taken for thousands of seconds',
    file: 'services/agent/shared/retry.ts',
    find: 'Number(text) * 1_000 : parse',
    replace: 'Number(text) * 1_000_000 : parse',
    caughtBy: [
      'fleet-resets/above-the-rate-limit: goes-on',
      'fleet-resets/asked-to-come-back-later: gets-through',
      'unreachable/told-to-wait: comes-back',
    ],
  },
  {
    name: 'keys-not-kept',
    what: 'the server does not keep the key of a report',
    file: 'services/server/store/fleet.ts',
    find: 'report.idempotencyKey ?? null,',
    replace: 'null,',
    caughtBy: ['fleet-resets/reset-after-the-server-applied-it: standing-one-effect'],
  },
  {
    name: 'records-sixty-times',
    what: 'each record is written sixty times',
    file: 'services/agent/shared/log.ts',
    find: '    logger[recordLevel](fitted.fields, fitted.message);',
    replace:
      '    for (let copy = 0; copy < 60; copy += 1) logger[recordLevel](fitted.fields, fitted.message);',
    caughtBy: ['unreachable/refused: standing-no-flood'],
  },
  {
    name: 'last-seen-in-1970',
    what: 'the server keeps no time at which it heard of a machine',
    file: 'services/server/store/fleet.ts',
    find: '[report.clientId, report.machineId, receivedAt, receivedAt],',
    replace: '[report.clientId, report.machineId, new Date(0), new Date(0)],',
    caughtBy: ['fleet-resets/online-while-the-log-shouts: stays-online'],
  },
  {
    name: 'given-up-and-again',
    what: 'what was given up is written twice, and so is what was survived',
    file: 'services/agent/shared/outcome-log.ts',
    find: "    this.#write('attempt_failed', level, record);",
    replace:
      "    this.#write('operation_failed', 'error', { message: record.message, fields: record.fields });",
    caughtBy: [
      'noise-and-leaks/capped-back-off: given-up-once',
      'noise-and-leaks/health-warns-first: given-up-once',
    ],
  },
  {
    name: 'heartbeat-without-return',
    what: 'a heartbeat brings no agent back online',
    file: 'services/server/store/agents.ts',
    find: "UPDATE agents SET status = 'online', last_heartbeat_at",
    replace: 'UPDATE agents SET last_heartbeat_at',
    caughtBy: ['unreachable/offline-and-back: comes-back'],
  },
  {
    name: 'refusals-miscounted',
    what: 'the refusal that was told of is counted among the others',
    file: 'services/agent/http/authentication.ts',
    find: 'const count = this.#refusals - 1;',
    replace: 'const count = this.#refusals;',
    caughtBy: ['unreachable/invalid-token: others-are-counted'],
  },
  {
    name: 'suspected-token-given-up',
    what: 'a token that was refused once is not used again',
    file: 'services/agent/http/api-client.ts',
    find: '    for (; ; progress.attempt += 1) {',
    replace: `    for (; ; progress.attempt += 1) {
      if (this.#parts.authentication.state === 'suspected')
        throw new OperationError(operation.name, classify(new HttpStatusError(401, '')), undefined);`,
    caughtBy: ['fleet-resets/auth-race: token-is-kept', 'fleet-resets/auth-race: stays-online'],
  },
];
