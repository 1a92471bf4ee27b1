/**
 * One request in each turn of the event loop, in the order in which they came. Busy clients would fill a turn otherwise, in which
 * the system hands out one waiting client: new ones starved behind them.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  /** Settles when it is the caller's turn. */
  async next(): Promise<void> {
    if (this.#taken) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
    setImmediate(() => this.#pass());
  }

  #pass(): void {
    const first = this.#waiting.shift();
    this.#taken = first !== undefined;
    if (!first) return;
    first();
    setImmediate(() => this.#pass());
  }
}
