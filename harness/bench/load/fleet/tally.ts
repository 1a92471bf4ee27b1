/** What the agents of a fleet saw, together. */

/** Since the last time that it was asked for; moments are of the fleet's clock, ms. */
export interface FleetCounts {
  /** Agents that are registered now. */
  readonly online: number;
  /** When attempts to connect began. */
  readonly attemptsAt: Float64Array;
  /** From dialling to being registered, of those that got there. */
  readonly openMs: Float64Array;
  /** From losing a connection to being registered again. */
  readonly awayMs: Float64Array;
  /** When the first connection was lost, and when the last one was back. */
  readonly firstLostAt: number | undefined;
  readonly lastBackAt: number | undefined;
  /** Why connections were lost after they had been online, and why attempts failed: codes, with how often each was met. */
  readonly losses: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  /** Reports that were made, and those that gave way to later ones. */
  readonly made: number;
  readonly dropped: number;
  /** From sending a report to its acknowledgement, of some agents. */
  readonly reportMs: Float64Array;
  /** How late the agents' timers were. */
  readonly lateMs: Float64Array;
}

export class Tally {
  /** Told each time that an agent has come online or an attempt has failed. */
  onChange: () => void = () => {};
  made = 0;
  dropped = 0;
  #online = 0;
  #attemptsAt: number[] = [];
  #openMs: number[] = [];
  #awayMs: number[] = [];
  #reportMs: number[] = [];
  #lateMs: number[] = [];
  #firstLostAt: number | undefined;
  #lastBackAt: number | undefined;
  #losses: Record<string, number> = {};
  #failures: Record<string, number> = {};

  get online(): number {
    return this.#online;
  }

  attempted(now: number): void {
    this.#attemptsAt.push(now);
  }

  failed(code: string): void {
    this.#failures[code] = (this.#failures[code] ?? 0) + 1;
    this.onChange();
  }

  wentOffline(now: number, code: string): void {
    this.#online -= 1;
    this.#losses[code] = (this.#losses[code] ?? 0) + 1;
    this.#firstLostAt ??= now;
  }

  cameOnline(now: number, openMs: number, lostMs: number | undefined): void {
    this.#online += 1;
    this.#openMs.push(openMs);
    if (lostMs !== undefined) {
      this.#awayMs.push(now - lostMs);
      this.#lastBackAt = now;
    }
    this.onChange();
  }

  reportTook(ms: number): void {
    this.#reportMs.push(ms);
  }

  turned(lateMs: number): void {
    this.#lateMs.push(lateMs);
  }

  /** What there was since the last call. */
  take(): FleetCounts {
    const taken: FleetCounts = {
      online: this.#online,
      attemptsAt: Float64Array.from(this.#attemptsAt),
      openMs: Float64Array.from(this.#openMs),
      awayMs: Float64Array.from(this.#awayMs),
      reportMs: Float64Array.from(this.#reportMs),
      lateMs: Float64Array.from(this.#lateMs),
      firstLostAt: this.#firstLostAt,
      lastBackAt: this.#lastBackAt,
      losses: this.#losses,
      failures: this.#failures,
      made: this.made,
      dropped: this.dropped,
    };
    this.#attemptsAt = [];
    this.#openMs = [];
    this.#awayMs = [];
    this.#reportMs = [];
    this.#lateMs = [];
    this.#firstLostAt = undefined;
    this.#lastBackAt = undefined;
    this.#losses = {};
    this.#failures = {};
    this.made = 0;
    this.dropped = 0;
    return taken;
  }
}
