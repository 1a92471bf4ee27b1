/**
 * One planned fault of a run, from waiting over in force to lifted. It knows when it was struck and says at the end how it
 * fared; what never came into force keeps the reason.
 */
import type { Clock } from 'shaketable-proxy/clock';
import { type Entry, isStrikeOf } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { matches } from '../journal/matcher.ts';
import type { WorldName } from '../world-list.ts';
import type { Engine, FaultableLink, FaultContext, Lift } from './fault.ts';
import type { FaultReport, PlannedFault, Trigger } from './planned-fault.ts';

type State = 'waiting' | 'in force' | 'lifted';

/** What a timeline needs of the table. */
export interface TimelineDeps {
  readonly journal: Journal;
  /** The lab clock. */
  readonly clock: Clock;
  readonly world: WorldName;
  /** What every fault is handed, whatever it is on. */
  context(): Omit<FaultContext, 'id' | 'strike' | 'link' | 'onEntry'>;
}

/** What a planned fault needs of its timeline. */
export interface PlannedRunDeps extends TimelineDeps {
  /** The links that there are so far, by name. */
  readonly links: ReadonlyMap<string, FaultableLink>;
  /** True once the trigger is due, false when the run ended first. */
  awaitTrigger(trigger: Trigger): Promise<boolean>;
}

export class PlannedRun {
  readonly id: string;
  readonly planned: PlannedFault;
  readonly #deps: PlannedRunDeps;
  #state: State = 'waiting';
  #failure: string | undefined;
  #engine: Engine | undefined;
  #strikes = 0;
  /** Why it could not act on the first thing that it met, in words. */
  #skipped: string | undefined;
  #installedAt = Number.NEGATIVE_INFINITY;
  #liftedAt = Number.POSITIVE_INFINITY;
  #undo: Lift = async () => {};
  #stopListening: () => void = () => {};
  /** Settles when the trigger has been dealt with. */
  #armed: Promise<void> | undefined;

  constructor(id: string, planned: PlannedFault, deps: PlannedRunDeps) {
    this.id = id;
    this.planned = planned;
    this.#deps = deps;
  }

  /** Waits for the trigger, or puts a fault in force that holds from the start and is on no link. */
  arm(): void {
    const { from = 'start', fault } = this.planned;
    if (from === 'start' && fault.place !== 'link') this.#armed = this.install();
    if (typeof from === 'object') this.#armed = this.#installWhenDue(from);
  }

  /** Whether it holds from the first byte of the link. */
  startsWith(link: string): boolean {
    const { from = 'start' } = this.planned;
    return this.planned.link === link && from === 'start';
  }

  /** Resolves when it no longer waits for a trigger. */
  async disarmed(): Promise<void> {
    await this.#armed;
  }

  /** Puts it in force, once. Where that cannot be, the reason is kept for the report. */
  async install(): Promise<void> {
    if (this.#state !== 'waiting') return;
    this.#state = 'in force';
    this.#installedAt = this.#deps.clock.now();
    const link = this.#link();
    const obstacle = this.#obstacle(link);
    if (obstacle !== undefined) return this.#fail(obstacle);
    this.#stopListening = this.#deps.journal.subscribe((entry) => this.#hear(entry));
    try {
      this.#undo = await this.planned.fault.install(this.#context(link));
    } catch (error) {
      return this.#fail(`could not be put in force: ${messageOf(error)}`);
    }
    this.#noteInstalled(link);
    void this.#liftWhenDue();
  }

  /** Lifts it where it is in force; `why` goes into the journal. */
  async lift(why: string): Promise<void> {
    if (this.#state !== 'in force') return;
    this.#state = 'lifted';
    await this.#undo().catch((error: unknown) => {
      this.#failure = `could not be lifted: ${messageOf(error)}`;
    });
    // What is met while it is being undone is met: a database that restarts is away until it is back.
    this.#liftedAt = this.#deps.clock.now();
    const facts = { ...this.#facts(), reason: why, strikes: this.#strikes };
    this.#deps.journal.append('fault', 'fault.lifted', facts);
  }

  /** How it fared; nothing more is heard from then on. */
  report(): FaultReport {
    this.#stopListening();
    const { kind, place, params } = this.planned.fault;
    const reason = this.#strikes > 0 ? undefined : (this.#failure ?? this.#silence());
    return {
      id: this.id,
      kind,
      place,
      link: this.planned.link,
      params,
      strikes: this.#strikes,
      ...(this.#engine === undefined ? {} : { engine: this.#engine }),
      ...(reason === undefined ? {} : { reason }),
    };
  }

  async #installWhenDue(trigger: Trigger): Promise<void> {
    if (await this.#deps.awaitTrigger(trigger)) await this.install();
  }

  async #liftWhenDue(): Promise<void> {
    const { until } = this.planned;
    if (!until) return;
    if ('strikes' in until) {
      const event = { kind: 'fault.strike', fault: this.id } as const;
      if (await this.#deps.awaitTrigger({ event, nth: until.strikes }))
        await this.lift(`after ${until.strikes} strikes`);
    } else if (await this.#deps.awaitTrigger(until)) await this.lift('its time was over');
  }

  /** Why it cannot be put in force here, in words. */
  #obstacle(link: FaultableLink | undefined): string | undefined {
    const { place, worlds } = this.planned.fault;
    const { world } = this.#deps;
    if (place === 'link' && !link) return this.#noSuchLink();
    if (worlds.includes(world)) return undefined;
    return `it cannot be made in the world ${world}, only in ${worlds.join(', ')}`;
  }

  #fail(reason: string): void {
    this.#failure = reason;
    this.#state = 'lifted';
  }

  #context(link: FaultableLink | undefined): FaultContext {
    const { journal } = this.#deps;
    return {
      ...this.#deps.context(),
      id: this.id,
      link: () => link ?? raise(this.#noSuchLink()),
      onEntry: (meant, listener) =>
        journal.subscribe((entry) => {
          if (matches(entry, meant)) listener(entry);
        }),
      strike: (reason, more = {}) =>
        journal.append('fault', 'fault.strike', { ...this.#facts(), reason, ...more }),
    };
  }

  #noteInstalled(link: FaultableLink | undefined): void {
    const { place, params } = this.planned.fault;
    if (place === 'link') this.#engine = link?.engineOf(this.id);
    const by = this.#engine === undefined ? {} : { engine: this.#engine };
    this.#deps.journal.append('fault', 'fault.installed', { ...this.#facts(), ...by, params });
  }

  /** Counts strikes, and makes them of entries that prove one while it is in force. */
  #hear(entry: Entry): void {
    const { struckBy } = this.planned.fault;
    if (entry.kind === 'fault.skipped' && entry.fault === this.id) this.#skipped ??= String(entry.reason);
    if (isStrikeOf(this.id, entry)) this.#strikes += 1;
    else if (struckBy && matches(entry, struckBy)) {
      const { journal } = this.#deps;
      const at = journal.startedAt + entry.t;
      if (at < this.#installedAt || at > this.#liftedAt) return;
      journal.append('fault', 'fault.strike', { ...this.#facts(), reason: `seen as ${entry.kind}` });
    }
  }

  /** What all entries about it say of it. */
  #facts() {
    const { link, fault } = this.planned;
    return { fault: this.id, faultKind: fault.kind, ...(link === undefined ? {} : { link }) };
  }

  /** Why it never struck, in words. */
  #silence(): string {
    if (this.#skipped !== undefined) return `it could not act on what it met: ${this.#skipped}`;
    if (this.#state === 'lifted') return 'it was in force, and nothing met it';
    const { from, fault } = this.planned;
    if (from === 'manual') return 'the scenario never injected it';
    if (fault.place === 'link' && !this.#link()) return this.#noSuchLink();
    return `its trigger never came: ${JSON.stringify(from)}`;
  }

  #link(): FaultableLink | undefined {
    const { link } = this.planned;
    return link === undefined ? undefined : this.#deps.links.get(link);
  }

  #noSuchLink(): string {
    const known = [...this.#deps.links.keys()].join(', ') || 'none';
    return `there is no link called ${this.planned.link ?? '(none named)'}; the links are ${known}`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function raise(message: string): never {
  throw new Error(message);
}
