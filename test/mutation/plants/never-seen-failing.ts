/** Mutants for checks that neither the naive agents nor another mutant had ever failed: nobody knew whether they could. */
import type { Mutant } from '../mutant.ts';

export const neverSeenFailing: readonly Mutant[] = [
  {
    name: 'disabled-for-ever',
    what: 'an account that was disabled once is never asked for again',
    file: 'services/agent/http/api-client.ts',
    find: '    for (; ; progress.attempt += 1) {',
    replace: `    if (this.#parts.authentication.state === 'refused')
      throw new OperationError(operation.name, classify(new HttpStatusError(403, '')), undefined);
    for (; ; progress.attempt += 1) {`,
    caughtBy: ['unreachable/account-disabled-and-back: back-by-itself'],
  },
  {
    name: 'nobody-goes-offline',
    what: 'an agent that is silent stays online',
    file: 'services/server/store/agents.ts',
    find: "SET status = 'offline' WHERE id = ?",
    replace: "SET status = 'online' WHERE id = ?",
    caughtBy: ['unreachable/offline-and-back: goes-offline', 'unreachable/offline-and-back: server-tells'],
  },
  {
    name: 'offline-too-early',
    what: 'an agent is offline after an eighth of the time that it may be silent',
    file: 'services/server/offline-sweep.ts',
    find: 'now - heartbeatTimeoutMs)) {',
    replace: 'now - heartbeatTimeoutMs / 8)) {',
    caughtBy: ['unreachable/offline-and-back: not-too-early'],
  },
  {
    name: 'refusals-unrecorded',
    what: 'a refused token leaves no event of its kind',
    file: 'services/server/auth/authenticate.ts',
    find: "        type: 'auth_failed',",
    replace: "        type: 'auth',",
    caughtBy: ['unreachable/invalid-token: rows-tell-the-reason'],
  },
  {
    name: 'typing-unanswered',
    what: 'one of the eight handlers acknowledges nothing',
    file: 'services/server/websocket/handlers.ts',
    find: `  types: ['typing', 'typing_started', 'typing_stopped'],
  handle(message) {
    return { answers: acknowledge(message, this.name) };`,
    replace: `  types: ['typing', 'typing_started', 'typing_stopped'],
  handle() {
    return { answers: [] };`,
    caughtBy: ['silent-socket/router-through-faults: answered'],
  },
  {
    name: 'unknown-uncounted',
    what: 'messages that no handler takes are not counted',
    file: 'services/server/websocket/statistics.ts',
    find: '      messages.unknown += 1;\n',
    replace: '',
    caughtBy: ['silent-socket/router-through-faults: unknown-counted'],
  },
  {
    name: 'level-ignored',
    what: 'records below the level are written',
    file: 'services/agent/shared/log.ts',
    find: '    if (!logger.isLevelEnabled(recordLevel)) return;',
    replace: "    logger.level = 'debug';",
    caughtBy: ['noise-and-leaks/logs-rotate: level-respected'],
  },
  {
    name: 'sends-without-a-bound',
    what: 'a send has twenty times its time',
    file: 'services/agent/websocket/outbox.ts',
    find: 'setTimer(this.#clock, letter.timeoutMs, ',
    replace: 'setTimer(this.#clock, 20 * letter.timeoutMs, ',
    caughtBy: [
      'silent-socket/back-pressure-is-bounded: settles-in-time',
      'silent-socket/messages-vanish: in-time',
      'silent-socket/send-to-a-silent-peer: fails-in-time',
      'silent-socket/send-while-closing: fails-in-time',
    ],
  },
  {
    name: 'idle-sessions-left',
    what: 'a pool that is closed leaves its idle connections to the database open',
    file: 'services/agent/sync/pool.ts',
    find: '    await Promise.all(this.#idle.splice(0).map((session) => session.end()));\n',
    replace: '',
    caughtBy: [
      'noise-and-leaks/database-restart: all-closed',
      'noise-and-leaks/database-commit-in-doubt: all-closed',
    ],
  },
  {
    name: 'report-forgotten-too-early',
    what: 'a report leaves the queue before the server has it',
    file: 'services/agent/http/report-queue.ts',
    find: `      await this.#options.deliver(next);
      this.#waiting.shift();`,
    replace: `      this.#waiting.shift();
      await this.#options.deliver(next);`,
    caughtBy: ['fleet-resets/flaky-handshakes: standing-nothing-lost'],
  },
  {
    name: 'given-up-twice',
    what: 'what was given up is written twice',
    file: 'services/agent/shared/outcome-log.ts',
    find: "    this.#write('operation_failed', 'error', { ...record, ...named });",
    replace: `    this.#write('operation_failed', 'error', { ...record, ...named });
    this.#log.error(record.message, { event: 'operation_failed', ...record.fields });`,
    caughtBy: ['unreachable/refused: standing-told-once'],
  },
  {
    name: 'survived-at-error',
    what: 'what the next attempt makes good is an ERROR, unless it is a time-out',
    file: 'services/agent/http/operation-log.ts',
    find: "const level = isTimeout && !operation.quiet ? 'warn' : 'debug';",
    replace: "const level = isTimeout && !operation.quiet ? 'warn' : 'error';",
    caughtBy: ['fleet-resets/reset-after-the-server-applied-it: standing-quiet-survival'],
  },
];
