/** Mutants that no check of a scenario looks for: the standing checks have to notice them. */
import type { Mutant } from '../mutant.ts';

export const againstStandingChecks: readonly Mutant[] = [
  {
    name: 'undefined-in-a-record',
    what: 'the record of what was given up does not know how often it was tried',
    file: 'services/agent/http/operation-log.ts',
    find: "const tries = attempt === 1 ? '1 attempt' :",
    replace: 'const tries = attempt !== 1 ? failure.attempts :',
    caughtBy: ['unreachable/refused: standing-whole-records'],
  },
  {
    name: 'log-that-all-may-read',
    what: 'everybody on the machine may read the log',
    file: 'services/agent/http/log-file.ts',
    find: "openSync(file, 'a', 0o600)",
    replace: "openSync(file, 'a', 0o644)",
    caughtBy: ['noise-and-leaks/logs-rotate: standing-private-logs'],
  },
  {
    name: 'pool-that-outlives-its-agent',
    what: 'the connections of an agent that was stopped stay open',
    file: 'services/agent/http/hardened/agent.ts',
    find: 'const pool = this.#resources.use(new ConnectionPool({ server, dial, clock }));',
    replace: 'const pool = new ConnectionPool({ server, dial, clock });',
    caughtBy: ['fleet-resets/one-handshake-per-request: standing-nothing-left-open'],
  },
  {
    name: 'silent-end',
    what: 'an agent that was stopped does not say so',
    file: 'services/agent/http/hardened/agent.ts',
    find: 'if (this.#running) this.#log.info(',
    replace: 'if (!this.#running) this.#log.info(',
    caughtBy: ['unreachable/refused: standing-says-that-it-stopped'],
  },
  {
    name: 'last-attempt-never-made',
    what: 'an operation is given up before its last attempt',
    file: 'services/agent/shared/retry.ts',
    find: 'attempt < policy.attempts &&',
    replace: 'attempt + 1 < policy.attempts &&',
    caughtBy: ['unreachable/refused: standing-all-attempts'],
  },
  {
    name: 'announced-wait-not-kept',
    what: 'an attempt comes in half the time that the record announces',
    file: 'services/agent/http/api-client.ts',
    find: 'records.attemptFailed(record, delayMs);\n      await clock.sleep(delayMs, signal);',
    replace: 'records.attemptFailed(record, delayMs);\n      await clock.sleep(delayMs / 2, signal);',
    caughtBy: ['unreachable/refused: standing-sound-waits'],
  },
  {
    name: 'more-listeners-than-allowed',
    what: 'the runtime warns that listeners on the signal to stop may be a leak',
    file: 'services/agent/http/hardened/agent.ts',
    find: 'setMaxListeners(0, ',
    replace: 'setMaxListeners(1, ',
    caughtBy: ['unreachable/offline-and-back: standing-no-runtime-warning'],
  },
  {
    name: 'server-that-fails-inside',
    what: 'the server meets an error of its own at each poll for commands',
    file: 'services/server/http/routes/agents.ts',
    find: 'commands: await pendingCommands(request.exchange.database, id)',
    replace: 'commands: (await pendingCommands(request.exchange.database, id)).rows.length',
    caughtBy: ['unreachable/offline-and-back: standing-sound-server'],
  },
];
