/** Mutants of what the first field report asked for. */
import type { Mutant } from '../mutant.ts';

export const fleetResets: readonly Mutant[] = [
  {
    name: 'connection-per-request',
    what: 'a connection is closed after each request',
    file: 'services/agent/http/http.ts',
    find: 'lease.keep();',
    replace: '',
    caughtBy: [
      'fleet-resets/one-handshake-per-request: one-handshake',
      'fleet-resets/one-handshake-per-request: server-agrees',
    ],
  },
  {
    name: 'survived-reset-at-error',
    what: 'a reset that the next attempt makes good is logged at ERROR',
    file: 'services/agent/http/operation-log.ts',
    find: "const level = isTimeout && !operation.quiet ? 'warn' : 'debug';",
    replace: "const level = 'error';",
    caughtBy: [
      'fleet-resets/flaky-handshakes: survived-quietly',
      'fleet-resets/online-while-the-log-shouts: log-tells-the-truth',
    ],
  },
  {
    name: 'report-lost-on-failure',
    what: 'a report whose delivery failed is forgotten',
    file: 'services/agent/http/report-queue.ts',
    find: 'await this.#options.deliver(next);\n      this.#waiting.shift();',
    replace: 'this.#waiting.shift();\n      await this.#options.deliver(next);',
    caughtBy: ['fleet-resets/flaky-handshakes: nothing-lost'],
  },
  {
    name: 'second-report-per-cycle',
    what: 'a cycle makes two reports',
    file: 'services/agent/http/hardened/work.ts',
    find: 'reports.add(this.#makeReport());',
    replace: 'reports.add(this.#makeReport());\n      reports.add(this.#makeReport());',
    caughtBy: ['fleet-resets/one-report-per-cycle: one-cycle-apart'],
  },
  {
    name: 'new-key-for-each-attempt',
    what: 'the idempotency key changes whenever a report is sent again',
    file: 'services/agent/http/api-client.ts',
    find: 'const sent = await sendOnce(request, signal);',
    replace:
      "const key = { 'idempotency-key': String(this.#parts.random.next()) };\n" +
      '      const sent = await sendOnce({ ...request, headers: { ...request.headers, ...key } }, signal);',
    caughtBy: [
      'fleet-resets/one-report-per-cycle: one-per-cycle',
      'fleet-resets/reset-after-the-server-applied-it: one-effect',
    ],
  },
  {
    name: 'unknown-called-definite',
    what: 'a reset after the request was sent counts as a definite failure',
    file: 'services/agent/shared/errors.ts',
    find: "const reset = rule('reset', 'low', false);",
    replace: "const reset = rule('reset', 'low', true);",
    caughtBy: ['fleet-resets/reset-after-the-server-applied-it: said-unknown'],
  },
  {
    name: 'no-retry',
    what: 'nothing is tried again',
    file: 'services/agent/shared/retry.ts',
    find: 'attempt < policy.attempts &&',
    replace: 'attempt > policy.attempts &&',
    caughtBy: [
      'fleet-resets/idle-connection-reset: survived-quietly',
      'fleet-resets/flaky-handshakes: nothing-given-up',
      'unreachable/refused: three-attempts',
    ],
  },
  {
    name: 'alarm-at-one-401',
    what: 'a single 401 among many 200s raises the alarm',
    file: 'services/agent/http/authentication.ts',
    find: "if (this.#state === 'accepted') this.#suspect(refusal);",
    replace: "if (this.#state === 'accepted') this.#confirm(refusal);",
    caughtBy: ['fleet-resets/auth-race: no-alarm'],
  },
  {
    name: 'verification-off',
    what: 'the certificate of the server is not verified',
    file: 'services/agent/http/open-socket.ts',
    find: "ALPNProtocols: ['http/1.1'],",
    replace: "ALPNProtocols: ['http/1.1'],\n    rejectUnauthorized: false,",
    caughtBy: [
      'fleet-resets/certificates-that-must-be-refused: no-request',
      'fleet-resets/certificates-that-must-be-refused: no-handshake',
      'fleet-resets/certificates-that-must-be-refused: does-not-start',
    ],
  },
];
