/** A client such as anybody writes: events are posted one after the other, and again until there is an answer. */
import { request } from 'node:http';

/** Where events go. */
export interface Collector {
  readonly host: string;
  readonly port: number;
}

export class Outbox {
  readonly #collector: Collector;
  readonly #onDelivered: (event: number) => void;
  #sending: Promise<void> = Promise.resolve();

  constructor(collector: Collector, onDelivered: (event: number) => void) {
    this.#collector = collector;
    this.#onDelivered = onDelivered;
  }

  /** Takes an event; it is delivered sooner or later. */
  post(event: number): void {
    this.#sending = this.#sending.then(() => this.#deliver(event));
  }

  async #deliver(event: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#send(event);
        return this.#onDelivered(event);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** attempt, 2_000)));
      }
    }
  }

  #send(event: number): Promise<void> {
    const { host, port } = this.#collector;
    return new Promise((resolve, reject) => {
      const options = { host, port, method: 'POST', agent: false, timeout: 1_000 };
      const sent = request(options, (answer) => {
        answer.resume();
        if (answer.statusCode === 204) answer.on('end', resolve);
        else reject(new Error(`answered ${answer.statusCode}`));
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer')));
      sent.on('error', reject);
      sent.end(String(event));
    });
  }
}
