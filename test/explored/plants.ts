/** Bugs that fault schedules have to bring out: edits to the agents, the exploration that finds each, and the minimum that it has. */

/** One bug. */
export interface ExploredPlant {
  /** Unique, in kebab-case. */
  readonly name: string;
  /** What is wrong with the agent then, in a sentence without a full stop. */
  readonly what: string;
  /** Path of the edited file, from the root of the project. */
  readonly file: string;
  /** Texts that the file has exactly once, and what comes in their place. */
  readonly edits: readonly (readonly [find: string, replace: string])[];
  /** The file that is explored. */
  readonly explored: string;
  /** Checks of which one has to fail. */
  readonly checks: readonly string[];
  /** The most faults that the minimum may have. */
  readonly mostFaults: number;
}

const http = 'scenarios/explorations/http-agent.ts';
const channel = 'scenarios/explorations/channel.ts';
const sync = 'scenarios/explorations/sync.ts';

export const exploredPlants: readonly ExploredPlant[] = [
  {
    name: 'immediate-retry',
    what: 'a failed attempt is followed by the next one at once',
    file: 'services/agent/http/api-client.ts',
    edits: [
      ['Math.max(nextDelay(policy, progress.attempt, random), this.#hold.leftMs)', 'this.#hold.leftMs'],
    ],
    explored: http,
    checks: ['waits-between-attempts'],
    mostFaults: 1,
  },
  {
    name: 'reset-after-401',
    what: 'a connection that breaks while a 401 is outstanding is tried again at once',
    file: 'services/agent/http/api-client.ts',
    edits: [
      ['  readonly #hold: ServerHold;\n', '  readonly #hold: ServerHold;\n  #refusedBefore = false;\n'],
      [
        'const delayMs = Math.max(nextDelay(policy, progress.attempt, random), this.#hold.leftMs);',
        "const delayMs = this.#refusedBefore && failure.category === 'reset' ? 0 : Math.max(nextDelay(policy, progress.attempt, random), this.#hold.leftMs);",
      ],
      [
        'if (outcome.ok) records.succeeded(operation);',
        'this.#refusedBefore = outcome.ok ? false : this.#refusedBefore || outcome.failure.status === 401;\n    if (outcome.ok) records.succeeded(operation);',
      ],
    ],
    explored: http,
    checks: ['waits-between-attempts'],
    mostFaults: 2,
  },
  {
    name: 'uncapped-back-off',
    what: 'waits between connections grow without a cap',
    file: 'services/agent/shared/retry.ts',
    edits: [
      [
        'return Math.min(delaysMs.baseMs * delaysMs.factor ** (attempt - 1), delaysMs.capMs);',
        'return delaysMs.baseMs * delaysMs.factor ** (attempt - 1);',
      ],
      [
        "const capMs = 'capMs' in delaysMs ? delaysMs.capMs : Number.POSITIVE_INFINITY;",
        'const capMs = Number.POSITIVE_INFINITY;',
      ],
    ],
    explored: channel,
    checks: ['bounded-waits', 'comes-back'],
    mostFaults: 2,
  },
  {
    name: 'acknowledged-while-closing',
    what: 'a send into a closing connection counts as acknowledged',
    file: 'services/agent/websocket/hardened.ts',
    edits: [
      [
        'const id = message.id ?? this.#makeId();\n',
        "const id = message.id ?? this.#makeId();\n    if (state === 'closing') return { status: 'acknowledged', id, waitedMs: 0 };\n",
      ],
    ],
    explored: channel,
    checks: ['honest-claims'],
    mostFaults: 2,
  },
  {
    name: 'duplicate-after-a-lost-answer',
    what: 'a report that is sent again does not say that it is the same',
    file: 'services/agent/http/api-client.ts',
    edits: [["...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),", '']],
    explored: http,
    checks: ['one-effect'],
    mostFaults: 1,
  },
  {
    name: 'connection-kept-after-1213',
    what: 'a connection is not given back after error 1213',
    file: 'services/agent/sync/hardened.ts',
    edits: [
      [
        '    await using lease = await this.#pool.lease();\n    const { session } = lease;',
        `    const taken = await this.#pool.lease();
    const { session } = taken;
    let kept = false;
    await using _lease = { [Symbol.asyncDispose]: async () => (kept ? undefined : taken[Symbol.asyncDispose]()) };`,
      ],
      [
        '      await session.rollback();\n',
        '      await session.rollback();\n      kept = (error as { errno?: number }).errno === 1213;\n',
      ],
    ],
    explored: sync,
    checks: ['pool-at-rest', 'all-closed', 'comes-back'],
    mostFaults: 1,
  },
  {
    name: 'two-connections-at-once',
    what: 'a handshake that took too long is left to itself, and goes on beside the next one',
    file: 'services/agent/websocket/opening.ts',
    edits: [
      [
        "setTimer(clock, timeoutMs, () => abandon(new DeadlineError('connect', timeoutMs)));",
        "setTimer(clock, timeoutMs, () => settle(() => reject(new DeadlineError('connect', timeoutMs))));",
      ],
    ],
    explored: channel,
    checks: ['one-connection', 'comes-back', 'honest-claims'],
    mostFaults: 3,
  },
  {
    name: 'slot-lost-per-failed-connect',
    what: 'each connect that fails takes a slot of the pool with it',
    file: 'services/agent/sync/pool.ts',
    edits: [
      [
        '      this.#trials.set(session, trial);\n',
        '      this.#trials.set(session, trial);\n      this.#opening -= 1;\n',
      ],
      [
        '    } finally {\n      this.#opening -= 1;\n      this.#wakeAll();',
        '    } finally {\n      this.#wakeAll();',
      ],
    ],
    explored: sync,
    checks: ['pool-at-rest', 'comes-back'],
    mostFaults: 1,
  },
];
