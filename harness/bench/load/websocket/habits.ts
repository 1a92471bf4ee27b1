/** How people use `ws` as a client: from a bare `send` to one that believes nothing but an answer. */

/** What a client does beside sending. */
export interface Habit {
  /** `send` is given a callback, whose error is a failure; without one only what it throws is known. */
  readonly callback: boolean;
  /** Pings the peer, and ends the connection when a pong is late. */
  readonly ping: boolean;
  /** A send has succeeded once the server has acknowledged its id, and has failed when that takes too long. */
  readonly acknowledged: boolean;
}

export const habits = Object.freeze({
  send: { callback: false, ping: false, acknowledged: false },
  callback: { callback: true, ping: false, acknowledged: false },
  'callback, ping': { callback: true, ping: true, acknowledged: false },
  'acks, ping': { callback: false, ping: true, acknowledged: true },
} satisfies Record<string, Habit>);

export type HabitName = keyof typeof habits;

/** How long is waited for signs of life, ms. */
export interface Patience {
  readonly pingEveryMs: number;
  readonly pongWithinMs: number;
  readonly acknowledgedWithinMs: number;
}
