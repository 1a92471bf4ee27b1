/**
 * When faults hold: each planned fault waits for its trigger, is put in force, and is lifted by time, by an event, after
 * so many strikes, or at the end. What never came into force, and why, is told afterwards.
 */
import { suggestion } from '../nearest-word.ts';
import type { FaultableLink } from './fault.ts';
import type { FaultReport, PlannedFault, Trigger } from './planned-fault.ts';
import { PlannedRun, type TimelineDeps } from './planned-run.ts';

/** The planned faults of one subject's run. */
export class Timeline {
  readonly #deps: TimelineDeps;
  readonly #stop = new AbortController();
  readonly #links = new Map<string, FaultableLink>();
  readonly #runs: readonly PlannedRun[];

  private constructor(deps: TimelineDeps, plan: Readonly<Record<string, PlannedFault>>) {
    this.#deps = deps;
    const awaitTrigger = (trigger: Trigger): Promise<boolean> => this.#awaitTrigger(trigger);
    const shared = { ...deps, links: this.#links, awaitTrigger };
    this.#runs = Object.entries(plan).map(([id, planned]) => new PlannedRun(id, planned, shared));
  }

  /** Starts it: every trigger is awaited from now on. */
  static start(deps: TimelineDeps, plan: Readonly<Record<string, PlannedFault>>): Timeline {
    const timeline = new Timeline(deps, plan);
    for (const run of timeline.#runs) run.arm();
    return timeline;
  }

  /** Tells of a new link; resolves when every fault that holds from its start is in force. */
  async linkReady(link: FaultableLink): Promise<void> {
    this.#links.set(link.name, link);
    for (const run of this.#runs) if (run.startsWith(link.name)) await run.install();
  }

  /** Puts a `manual` fault in force, or one ahead of its trigger. */
  inject(id: string): Promise<void> {
    return this.#find(id).install();
  }

  /** Lifts a fault. */
  lift(id: string): Promise<void> {
    return this.#find(id).lift('lifted by the scenario');
  }

  /** Lifts whatever is still in force; no trigger acts any more. */
  async liftAll(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#runs.map((run) => run.disarmed()));
    for (const run of this.#runs.toReversed()) await run.lift('end of the run');
  }

  /** How each fault fared; call it when nothing more will be journalled. */
  report(): FaultReport[] {
    return this.#runs.map((run) => run.report());
  }

  #find(id: string): PlannedRun {
    const run = this.#runs.find((candidate) => candidate.id === id);
    if (run) return run;
    const known = this.#runs.map((candidate) => candidate.id);
    throw new Error(`The scenario has no fault called ${id}; ${suggestion(id, known)}`);
  }

  async #awaitTrigger(trigger: Trigger): Promise<boolean> {
    const { signal } = this.#stop;
    try {
      if (!('afterMs' in trigger))
        await this.#deps.journal.entry(trigger.event, { nth: trigger.nth ?? 1, signal });
      const waitMs = 'afterMs' in trigger ? trigger.afterMs : (trigger.delayMs ?? 0);
      if (waitMs > 0 || 'afterMs' in trigger) await this.#deps.clock.sleep(waitMs, signal);
      return true;
    } catch {
      return false;
    }
  }
}
