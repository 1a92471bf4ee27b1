/**
 * The one queue of a simulated world: timers and deliveries of the network, by the time at which they are due, then by the order in
 * which they were scheduled. Times are whole microseconds, so that sums are exact.
 */

/** What is due once, at its time. */
export interface QueuedEvent {
  /** Microseconds since the simulation began. */
  readonly atUs: number;
  readonly sequence: number;
  readonly run: () => void;
  /** It changes what the system keeps, and no program is told: nothing has to be waited for after it. */
  readonly isSilent: boolean;
  /** Its place in the heap; -1 once it was taken or cancelled. */
  place: number;
}

const usInMs = 1_000;

/** A binary heap that events can be taken out of: cancelled ones cost no memory until they would have been due. */
export class EventQueue {
  readonly #heap: QueuedEvent[] = [];
  #sequence = 0;
  #nowUs = 0;

  /** Microseconds since the simulation began: the time of the event that was taken last. */
  get nowUs(): number {
    return this.#nowUs;
  }

  /** How many events are still to come. */
  get size(): number {
    return this.#heap.length;
  }

  /** When the next event is due; infinity where there is none. */
  get nextUs(): number {
    return this.#heap[0]?.atUs ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Schedules `run` for the moment `delayUs` from now; fractions are rounded to whole microseconds. `isSilent` says that it runs no code of
   * a program.
   */
  schedule(delayUs: number, run: () => void, isSilent = false): QueuedEvent {
    this.#sequence += 1;
    const atUs = this.#nowUs + Math.max(0, Math.round(delayUs));
    const event: QueuedEvent = { atUs, sequence: this.#sequence, run, isSilent, place: this.#heap.length };
    this.#heap.push(event);
    this.#rise(event);
    return event;
  }

  /**
   * Schedules `run` for the first whole millisecond that is at least `delayMs` from now: timers of a platform count in those, so what
   * programs write of the time at which they woke is true to the digit.
   */
  scheduleTimer(delayMs: number, run: () => void): QueuedEvent {
    const dueMs = Math.ceil((this.#nowUs + Math.round(delayMs * usInMs)) / usInMs);
    return this.schedule(dueMs * usInMs - this.#nowUs, run);
  }

  /** Takes it out of the queue, if it is still there. */
  cancel(event: QueuedEvent): void {
    const { place } = event;
    if (place < 0 || this.#heap[place] !== event) return;
    event.place = -1;
    const last = this.#heap.pop() as QueuedEvent;
    if (last === event) return;
    this.#put(last, place);
    this.#rise(last);
    this.#sink(last);
  }

  /** Takes the next event, and makes its time the present. */
  take(): QueuedEvent | undefined {
    const first = this.#heap[0];
    if (first === undefined) return undefined;
    this.cancel(first);
    this.#nowUs = first.atUs;
    return first;
  }

  #put(event: QueuedEvent, place: number): void {
    this.#heap[place] = event;
    event.place = place;
  }

  #rise(event: QueuedEvent): void {
    while (event.place > 0) {
      const above = (event.place - 1) >> 1;
      const parent = this.#heap[above] as QueuedEvent;
      if (!isBefore(event, parent)) return;
      this.#put(parent, event.place);
      this.#put(event, above);
    }
  }

  #sink(event: QueuedEvent): void {
    for (;;) {
      const left = 2 * event.place + 1;
      const [first, second] = [this.#heap[left], this.#heap[left + 1]];
      const child = second !== undefined && first !== undefined && isBefore(second, first) ? second : first;
      if (child === undefined || !isBefore(child, event)) return;
      const { place } = child;
      this.#put(child, event.place);
      this.#put(event, place);
    }
  }
}

const isBefore = (one: QueuedEvent, other: QueuedEvent): boolean =>
  one.atUs < other.atUs || (one.atUs === other.atUs && one.sequence < other.sequence);
