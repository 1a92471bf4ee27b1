/**
 * Watches how requests fare and warns before users notice (R3.8). Each operation has its own running figures; the
 * worst of them decides the state. The way back is longer than the way down, so that the state does not flicker.
 *
 *   healthy ──(slow, or one attempt left before the operation fails)──► degraded ──(it failed)──► failing
 *      ▲                                                                   │                        │
 *      └───────────────────────(several good answers in a row)─────────────┴────────────────────────┘
 */
import type { Log } from '../shared/log.ts';

/** How the agent's dealings with its server go. */
export type HealthState = 'healthy' | 'degraded' | 'failing';

/** When a state is left for another. */
export interface HealthPolicy {
  /** Failures in a row that count as degraded; one less than an operation has attempts. */
  readonly degradedAfterFailures: number;
  /** Failures in a row that count as failing. */
  readonly failingAfterFailures: number;
  /** A mean answer time above this counts as degraded, until it is below half of it. */
  readonly slowMs: number;
  /** Good answers in a row before an operation counts as healthy again. */
  readonly healthyAfterSuccesses: number;
}

/** The running figures of one operation. */
export interface OperationHealth {
  readonly state: HealthState;
  /** Exponentially weighted mean of answer times, in milliseconds. */
  readonly meanMs: number;
  /** Exponentially weighted share of failed attempts, 0 to 1. */
  readonly failureShare: number;
  readonly failuresInARow: number;
  readonly attempts: number;
  readonly failures: number;
}

/** What `summary` returns. */
export interface HealthSummary {
  readonly state: HealthState;
  readonly operations: Readonly<Record<string, OperationHealth>>;
}

/** The weight of the newest sample in the means. */
const weight = 0.3;

const rank: Readonly<Record<HealthState, number>> = { healthy: 0, degraded: 1, failing: 2 };

interface Figures {
  state: HealthState;
  meanMs: number;
  failureShare: number;
  failuresInARow: number;
  successesInARow: number;
  attempts: number;
  failures: number;
}

/** Collects the outcomes of attempts and logs each change of state. */
export class HealthMonitor {
  readonly #log: Log;
  readonly #policy: HealthPolicy;
  readonly #operations = new Map<string, Figures>();
  #state: HealthState = 'healthy';

  constructor(log: Log, policy: HealthPolicy) {
    this.#log = log;
    this.#policy = policy;
  }

  /** The state of the worst operation. */
  get state(): HealthState {
    return this.#state;
  }

  /** An attempt was answered after `durationMs`. */
  succeeded(operation: string, durationMs: number): void {
    const figures = this.#figuresOf(operation);
    figures.meanMs = figures.attempts === 0 ? durationMs : blend(figures.meanMs, durationMs);
    figures.failureShare = blend(figures.failureShare, 0);
    figures.failuresInARow = 0;
    figures.successesInARow += 1;
    this.#conclude(figures);
  }

  /** An attempt failed for want of a good connection or server. */
  failed(operation: string): void {
    const figures = this.#figuresOf(operation);
    figures.failureShare = blend(figures.failureShare, 1);
    figures.failuresInARow += 1;
    figures.successesInARow = 0;
    figures.failures += 1;
    this.#conclude(figures);
  }

  /** The figures of all operations, for people and for the log. */
  summary(): HealthSummary {
    const operations = [...this.#operations].map(
      ([name, figures]) => [name, publicFigures(figures)] as const,
    );
    return { state: this.#state, operations: Object.fromEntries(operations) };
  }

  #figuresOf(operation: string): Figures {
    const known = this.#operations.get(operation);
    if (known) return known;
    const fresh: Figures = {
      state: 'healthy',
      meanMs: 0,
      failureShare: 0,
      failuresInARow: 0,
      successesInARow: 0,
      attempts: 0,
      failures: 0,
    };
    this.#operations.set(operation, fresh);
    return fresh;
  }

  #conclude(figures: Figures): void {
    figures.attempts += 1;
    figures.state = nextState(figures, this.#policy);
    const worst = worstOf([...this.#operations.values()].map(({ state }) => state));
    if (worst === this.#state) return;
    const previous = this.#state;
    this.#state = worst;
    const level = worst === 'healthy' ? 'info' : 'warn';
    const message = `Server connection is ${worst} (was ${previous})`;
    this.#log.write(level, message, {
      event: 'health',
      state: worst,
      previous,
      metrics: this.summary().operations,
    });
  }
}

function nextState(figures: Figures, policy: HealthPolicy): HealthState {
  const { state, failuresInARow, successesInARow, meanMs } = figures;
  if (failuresInARow >= policy.failingAfterFailures) return 'failing';
  const isWarning = failuresInARow >= policy.degradedAfterFailures || meanMs > policy.slowMs;
  if (isWarning && state === 'healthy') return 'degraded';
  const recovered = successesInARow >= policy.healthyAfterSuccesses && meanMs <= policy.slowMs / 2;
  return recovered ? 'healthy' : state;
}

const worstOf = (states: readonly HealthState[]): HealthState =>
  states.reduce((worst, state) => (rank[state] > rank[worst] ? state : worst), 'healthy');

const blend = (mean: number, sample: number): number => mean + weight * (sample - mean);

function publicFigures(figures: Figures): OperationHealth {
  const { state, failuresInARow, attempts, failures } = figures;
  const meanMs = Math.round(figures.meanMs);
  const failureShare = Math.round(figures.failureShare * 100) / 100;
  return { state, meanMs, failureShare, failuresInARow, attempts, failures };
}
