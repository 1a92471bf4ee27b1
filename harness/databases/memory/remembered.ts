/** What was worked out once and is asked for again, up to a number of things: the oldest makes room. */
export class Remembered<Key, Value> {
  readonly #known = new Map<Key, Value>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: Key, make: () => Value): Value {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (this.#known.size >= this.#most) this.#known.delete(this.#known.keys().next().value as Key);
    this.#known.set(key, made);
    return made;
  }

  forget(): void {
    this.#known.clear();
  }
}
