/**
 * Fleet reports on their way (R1.5). Each is made once, with its own number and key, and waits here until the server
 * has it; while the server is away the newest are kept. Deliveries are in order and one at a time.
 */
import type { FleetReport } from './operation.ts';

/** Where reports go and how many may wait. */
export interface ReportQueueOptions {
  /** Delivers one report; throws if that failed, and the report stays. */
  readonly deliver: (report: FleetReport) => Promise<void>;
  /** Told about a report for which there was no more room. */
  readonly onDropped: (report: FleetReport) => void;
  /** Reports that may wait. @default 720, an hour of them */
  readonly capacity?: number;
}

/** Reports that wait for delivery. */
export class ReportQueue {
  readonly #options: Required<ReportQueueOptions>;
  readonly #waiting: FleetReport[] = [];
  #delivery: Promise<void> | undefined;

  constructor(options: ReportQueueOptions) {
    this.#options = { capacity: 720, ...options };
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Puts a report in line; the oldest has to go when there is no room. */
  add(report: FleetReport): void {
    this.#waiting.push(report);
    if (this.#waiting.length <= this.#options.capacity) return;
    const oldest = this.#waiting.splice(this.#delivery ? 1 : 0, 1)[0];
    if (oldest) this.#options.onDropped(oldest);
  }

  /** Delivers waiting reports until none is left or a delivery fails. Joins a delivery in progress. */
  flush(): Promise<void> {
    this.#delivery ??= this.#deliverAll().finally(() => {
      this.#delivery = undefined;
    });
    return this.#delivery;
  }

  async #deliverAll(): Promise<void> {
    for (let [next] = this.#waiting; next; [next] = this.#waiting) {
      await this.#options.deliver(next);
      this.#waiting.shift();
    }
  }
}
