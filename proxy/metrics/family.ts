/**
 * A metric and its series, written in Prometheus' text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */

interface FamilyOptions {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  /** In the order in which they are written. */
  readonly labels?: readonly string[];
}

export class Family {
  readonly #options: Required<FamilyOptions>;
  readonly #series: Map<string, number>;

  constructor(options: FamilyOptions, series: Iterable<[string, number]> = []) {
    this.#options = { labels: [], ...options };
    this.#series = new Map(series);
  }

  /** With the same series so far; what is added to either does not touch the other. */
  copy(): Family {
    return new Family(this.#options, this.#series);
  }

  /** Adds to the series with these label values, which are given in the order of the labels. */
  add(amount: number, ...values: readonly string[]): this {
    const labels = this.#options.labels.map(
      (label, index) => `${label}="${escapeLabel(values[index] ?? '')}"`,
    );
    const key = labels.length > 0 ? `{${labels.join(',')}}` : '';
    this.#series.set(key, (this.#series.get(key) ?? 0) + amount);
    return this;
  }

  /** Nothing while there is no series. */
  toString(): string {
    if (this.#series.size === 0) return '';
    const { name, help, type } = this.#options;
    const lines = [...this.#series].map(([key, value]) => `${name}${key} ${value}\n`);
    return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.toSorted().join('')}`;
  }
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
