/**
 * What a sweep has seen: how often each kind of fault came and struck, what it reached, and what runs that failed have in common that
 * others have not.
 */
import type { Schedule } from './schedule.ts';
import type { Seen } from './seen.ts';

/** A feature of schedules, by how often runs with it failed. */
export interface Difference {
  /** `reset on agent→server`. */
  readonly feature: string;
  /** Of the runs that failed, and of those that passed, the share that have it. */
  readonly failed: number;
  readonly passed: number;
  /** How many times as often runs with it failed as all runs did. */
  readonly lift: number;
}

interface Count {
  scheduled: number;
  struck: number;
}

export class Tally {
  readonly #kinds = new Map<string, Count>();
  readonly #reached = new Map<string, number>();
  readonly #features = new Map<string, { failed: number; passed: number }>();
  readonly #sizes = new Map<number, number>();
  runs = 0;
  failed = 0;
  /** Lab milliseconds played in all. */
  labMs = 0;

  /** `marks` are those that some run has to reach. */
  constructor(marks: readonly string[]) {
    for (const mark of marks) this.#reached.set(mark, 0);
  }

  add(schedule: Schedule, { failures, labMs, reached, struck }: Seen): void {
    const failed = failures.length > 0;
    this.runs += 1;
    if (failed) this.failed += 1;
    this.labMs += labMs;
    this.#sizes.set(schedule.faults.length, (this.#sizes.get(schedule.faults.length) ?? 0) + 1);
    this.#count(schedule, struck);
    for (const feature of featuresOf(schedule)) {
      const count = this.#features.get(feature) ?? { failed: 0, passed: 0 };
      count[failed ? 'failed' : 'passed'] += 1;
      this.#features.set(feature, count);
    }
    for (const mark of reached) this.#reached.set(mark, (this.#reached.get(mark) ?? 0) + 1);
  }

  /** In how many runs each kind came, and in how many it struck. */
  get kinds(): ReadonlyMap<string, Readonly<Count>> {
    return new Map([...this.#kinds].toSorted(([a], [b]) => a.localeCompare(b)));
  }

  /** In how many runs each of the marks was reached. */
  get reached(): ReadonlyMap<string, number> {
    return this.#reached;
  }

  /** The marks that no run reached. */
  get missed(): string[] {
    return [...this.#reached].filter(([, times]) => times === 0).map(([name]) => name);
  }

  /** How many schedules had so many faults. */
  get sizes(): ReadonlyMap<number, number> {
    return new Map([...this.#sizes].toSorted(([a], [b]) => a - b));
  }

  /** What tells failed runs from others, the most telling first; nothing while all failed or none did. */
  differences(most = 8): Difference[] {
    const passed = this.runs - this.failed;
    if (this.failed === 0 || passed === 0) return [];
    const usual = this.failed / this.runs;
    return [...this.#features]
      .map(([feature, count]) => ({
        feature,
        failed: count.failed / this.failed,
        passed: count.passed / passed,
        lift: count.failed / (count.failed + count.passed) / usual,
      }))
      .filter(({ lift, failed }) => lift > 1 && failed > 0)
      .toSorted((a, b) => b.failed - b.passed - (a.failed - a.passed) || b.lift - a.lift)
      .slice(0, most);
  }

  #count({ faults }: Schedule, ids: readonly string[]): void {
    const struck = new Set(ids.map((id) => id.replace(/-\d+$/, '')));
    for (const kind of new Set(faults.map((fault) => fault.kind))) {
      const count = this.#kinds.get(kind) ?? { scheduled: 0, struck: 0 };
      count.scheduled += 1;
      if (struck.has(kind)) count.struck += 1;
      this.#kinds.set(kind, count);
    }
  }
}

/** Kinds where they are, pairs that overlap, and whether there were many. */
function featuresOf({ faults }: Schedule): Set<string> {
  const place = ({ kind, link }: Schedule['faults'][number]): string =>
    link === undefined ? kind : `${kind} on ${link}`;
  const features = new Set(faults.map(place));
  for (const [index, one] of faults.entries())
    for (const other of faults.slice(index + 1))
      if (other.kind !== one.kind && other.atMs < one.atMs + one.forMs)
        features.add(`${place(one)} while ${place(other)}`);
  if (faults.length > 5) features.add('more than five faults');
  return features;
}
