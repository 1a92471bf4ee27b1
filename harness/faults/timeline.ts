/**
 * When faults hold: each planned fault waits for its trigger, is put in force, and is lifted by time, by an event, after
 * so many strikes, or at the end. What never came into force, and why, is told afterwards.
 */
import type { Clock } from 'shaketable-proxy/clock';
import { type Entry, isStrikeOf } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { type Matcher, matches } from '../journal/matcher.ts';
import type { WorldName } from '../world-list.ts';
import type { Engine, Fault, FaultableLink, FaultContext, Lift } from './fault.ts';

/** The moment of a change: lab time since the run began, or the nth entry that is meant (default the first). */
export type Trigger = { readonly afterMs: number } | { readonly event: Matcher; readonly nth?: number };

/** A fault of a scenario with where and when it holds. */
export interface PlannedFault {
  readonly fault: Fault;
  /** The link it is on; needed for faults on links. */
  readonly link?: string;
  /**
   * When it is put in force: `start` (default) holds from the first byte of the link, `manual` waits for
   * `table.inject`.
   */
  readonly from?: 'start' | 'manual' | Trigger;
  /** When it is lifted; default at the end of the run. `{ afterMs }` counts from the moment it was put in force. */
  readonly until?: Trigger | { readonly strikes: number };
}

/** What the timeline needs of the world. */
export interface TimelineWorld {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly world: WorldName;
  context(): Omit<FaultContext, 'id' | 'strike' | 'link' | 'onEntry'>;
}

/** How one fault fared. */
export interface FaultReport {
  readonly id: string;
  readonly kind: string;
  readonly place: string;
  readonly link: string | undefined;
  readonly params: Fault['params'];
  readonly strikes: number;
  /** Who made it; absent for faults elsewhere than on a link, and for one that never was in force. */
  readonly engine?: Engine;
  /** Why it did not strike, in words; absent when it did. */
  readonly reason?: string;
}

export interface Timeline {
  /** Tells of a new link; resolves when every fault that holds from its start is in force. */
  linkReady(link: FaultableLink): Promise<void>;
  /** Puts a `manual` fault in force, or one ahead of its trigger. */
  inject(id: string): Promise<void>;
  /** Lifts a fault. */
  lift(id: string): Promise<void>;
  /** Lifts whatever is still in force; no trigger acts any more. */
  liftAll(): Promise<void>;
  /** How each fault fared; call it when nothing more will be journalled. */
  report(): FaultReport[];
}

type State = 'waiting' | 'in force' | 'lifted';

/** Starts the timeline of one subject's run. */
export function startTimeline(world: TimelineWorld, plan: Readonly<Record<string, PlannedFault>>): Timeline {
  const stop = new AbortController();
  const links = new Map<string, FaultableLink>();
  const runs = Object.entries(plan).map(([id, planned]) => plannedRun(id, planned));

  for (const run of runs) {
    const { from = 'start', fault } = run.planned;
    if (from === 'start' && fault.place !== 'link') run.armed = run.install();
    if (typeof from === 'object')
      run.armed = awaitTrigger(from).then((due) => (due ? run.install() : undefined));
  }

  return {
    async linkReady(link) {
      links.set(link.name, link);
      const due = runs.filter(
        ({ planned }) => planned.link === link.name && (planned.from ?? 'start') === 'start',
      );
      for (const run of due) await run.install();
    },
    inject: (id) => find(id).install(),
    lift: (id) => find(id).lift('lifted by the scenario'),
    async liftAll() {
      stop.abort();
      await Promise.all(runs.map((run) => run.armed));
      for (const run of runs.toReversed()) await run.lift('end of the run');
    },
    report: () => runs.map((run) => run.report()),
  };

  function find(id: string): PlannedRun {
    const run = runs.find((candidate) => candidate.id === id);
    if (!run)
      throw new Error(`The scenario has no fault called ${id}; it has ${Object.keys(plan).join(', ')}`);
    return run;
  }

  /** True once the trigger is due, false when the run ended first. */
  async function awaitTrigger(trigger: Trigger): Promise<boolean> {
    try {
      if ('afterMs' in trigger) await world.clock.sleep(trigger.afterMs, stop.signal);
      else await world.journal.entry(trigger.event, { nth: trigger.nth ?? 1, signal: stop.signal });
      return true;
    } catch {
      return false;
    }
  }

  interface PlannedRun {
    readonly id: string;
    readonly planned: PlannedFault;
    /** Settles when the trigger has been dealt with. */
    armed: Promise<void> | undefined;
    install(): Promise<void>;
    lift(why: string): Promise<void>;
    report(): FaultReport;
  }

  function plannedRun(id: string, planned: PlannedFault): PlannedRun {
    const { fault } = planned;
    const facts = {
      fault: id,
      faultKind: fault.kind,
      ...(planned.link === undefined ? {} : { link: planned.link }),
    };
    let state: State = 'waiting';
    let failure: string | undefined;
    let engine: Engine | undefined;
    let strikes = 0;
    let skipped: string | undefined;
    let liftedAt = Number.POSITIVE_INFINITY;
    let undo: Lift = async () => {};
    let hearing: () => void = () => {};

    const run: PlannedRun = { id, planned, armed: undefined, install, lift, report };
    return run;

    async function install(): Promise<void> {
      if (state !== 'waiting') return;
      state = 'in force';
      const begun = world.clock.now();
      const link = planned.link === undefined ? undefined : links.get(planned.link);
      if (fault.place === 'link' && !link) {
        failure = noSuchLink(planned.link);
        state = 'lifted';
        return;
      }
      if (!fault.worlds.includes(world.world)) {
        failure = `it cannot be made in the world ${world.world}, only in ${fault.worlds.join(', ')}`;
        state = 'lifted';
        return;
      }
      hearing = world.journal.subscribe((entry) => heard(entry, begun));
      try {
        undo = await fault.install({
          ...world.context(),
          id,
          link: () => link ?? raise(noSuchLink(planned.link)),
          onEntry: (meant, listener) =>
            world.journal.subscribe((entry) => {
              if (matches(entry, meant)) listener(entry);
            }),
          strike: (reason, more = {}) =>
            world.journal.append('fault', 'fault.strike', { ...facts, reason, ...more }),
        });
      } catch (error) {
        failure = `could not be put in force: ${error instanceof Error ? error.message : String(error)}`;
        state = 'lifted';
        return;
      }
      if (fault.place === 'link') engine = link?.engineOf(id);
      const by = engine === undefined ? {} : { engine };
      world.journal.append('fault', 'fault.installed', { ...facts, ...by, params: fault.params });
      void liftWhenDue();
    }

    async function lift(why: string): Promise<void> {
      if (state !== 'in force') return;
      state = 'lifted';
      await undo().catch((error: unknown) => {
        failure = `could not be lifted: ${error instanceof Error ? error.message : String(error)}`;
      });
      // What is met while it is being undone is met: a database that restarts is away until it is back.
      liftedAt = world.clock.now();
      world.journal.append('fault', 'fault.lifted', { ...facts, reason: why, strikes });
    }

    function heard(entry: Entry, begun: number): void {
      if (entry.kind === 'fault.skipped' && entry.fault === id) skipped ??= String(entry.reason);
      if (isStrikeOf(id, entry)) strikes += 1;
      else if (fault.struckBy && matches(entry, fault.struckBy)) {
        const at = world.journal.startedAt + entry.t;
        if (at < begun || at > liftedAt) return;
        world.journal.append('fault', 'fault.strike', { ...facts, reason: `seen as ${entry.kind}` });
      }
    }

    async function liftWhenDue(): Promise<void> {
      const { until } = planned;
      if (!until) return;
      if ('strikes' in until) {
        const strike = { kind: 'fault.strike', fault: id } as const;
        if (await awaitTrigger({ event: strike, nth: until.strikes }))
          await lift(`after ${until.strikes} strikes`);
      } else if (await awaitTrigger(until)) await lift('its time was over');
    }

    function report(): FaultReport {
      hearing();
      const { kind, place, params } = fault;
      const reason = strikes > 0 ? undefined : (failure ?? silence());
      return {
        id,
        kind,
        place,
        link: planned.link,
        params,
        strikes,
        ...(engine === undefined ? {} : { engine }),
        ...(reason === undefined ? {} : { reason }),
      };
    }

    function silence(): string {
      if (skipped !== undefined) return `it could not act on what it met: ${skipped}`;
      if (state === 'lifted') return 'it was in force, and nothing met it';
      const { from } = planned;
      if (from === 'manual') return 'the scenario never injected it';
      if (fault.place === 'link' && !links.has(planned.link ?? '')) return noSuchLink(planned.link);
      return `its trigger never came: ${JSON.stringify(from)}`;
    }
  }

  function noSuchLink(name: string | undefined): string {
    const known = [...links.keys()].join(', ') || 'none';
    return `there is no link called ${name ?? '(none named)'}; the links are ${known}`;
  }
}

function raise(message: string): never {
  throw new Error(message);
}
