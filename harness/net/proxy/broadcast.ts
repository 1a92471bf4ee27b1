/** Hands each event to everyone who listens, numbered in the order in which they happened. */
import type { ProxyEvent } from './events.ts';

/** `number` counts the events of a server from 1. */
export type EventListener = (event: ProxyEvent, number: number) => void;

export class Broadcast {
  readonly #listeners = new Set<EventListener>();
  #emitted = 0;

  emit(event: ProxyEvent): void {
    this.#emitted += 1;
    for (const listener of this.#listeners) listener(event, this.#emitted);
  }

  /** Returns what ends it. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
