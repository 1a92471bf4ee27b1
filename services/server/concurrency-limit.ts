/**
 * A first-come-first-served queue for a limited number of slots. A request takes its slot when its head has arrived
 * and gives it back when its response is done, so that bodies that never end hold slots, as on any server with a
 * fixed number of workers (R2.7).
 */

/** The line is as long as it may be. */
export class LimitReachedError extends Error {
  override readonly name = 'LimitReachedError';
}

export interface ConcurrencyLimit {
  /**
   * Resolves once a slot is taken; rejects when the line is full, or with `signal.reason` when it aborts first.
   */
  enter(signal: AbortSignal): Promise<void>;
  /** Gives a slot back; the first in line gets it. */
  leave(): void;
  load(): { active: number; waiting: number; limit: number };
}

export function createConcurrencyLimit(limit: number, maxWaiting: number): ConcurrencyLimit {
  // A Map keeps insertion order, and lets those who give up leave the middle of the line.
  const line = new Map<symbol, () => void>();
  let active = 0;

  return {
    enter(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (active < limit) {
        active += 1;
        return Promise.resolve();
      }
      if (line.size >= maxWaiting) {
        return Promise.reject(new LimitReachedError(`${line.size} requests are waiting already`));
      }
      return new Promise((resolve, reject) => {
        const place = Symbol('place');
        const giveUp = (): void => {
          line.delete(place);
          reject(signal.reason);
        };
        signal.addEventListener('abort', giveUp, { once: true });
        line.set(place, () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        });
      });
    },

    leave() {
      const [first] = line;
      if (first === undefined) {
        active -= 1;
        return;
      }
      const [place, admit] = first;
      line.delete(place);
      admit();
    },

    load: () => ({ active, waiting: line.size, limit }),
  };
}
