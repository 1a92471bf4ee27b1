/** Hands each event to everyone who listens, numbered in the order in which they happened. */
import type { ProxyEvent } from './events.ts';

/** `number` counts the events of a server from 1. */
export type EventListener = (event: ProxyEvent, number: number) => void;

export class Broadcast {
  readonly #listeners = new Set<EventListener>();
  #emitted = 0;

  emit(event: ProxyEvent): void {
    this.#emitted += 1;
    for (const listener of this.#listeners) tell(listener, event, this.#emitted);
  }

  /** Returns what ends it. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** Rethrows a listener's error outside of the call, as an uncaught exception, so that the other listeners still run. */
function tell(listener: EventListener, event: ProxyEvent, number: number): void {
  try {
    listener(event, number);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
