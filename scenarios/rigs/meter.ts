/**
 * Counts what a subject holds from outside, at the two seams that everything it does goes through: waits on its clock,
 * and sockets that it dialled. Neither depends on what the subject says about itself.
 */
import type { Duplex } from 'node:stream';
import type { Table } from 'shaketable';

/** What a subject holds at a moment. */
export interface Held {
  /** Sockets that are not closed yet. */
  readonly sockets: number;
  /** Waits on the clock that are neither over nor cancelled. */
  readonly timers: number;
}

export interface Meter {
  readonly clock: Table['clock'];
  readonly dial: Table['dial'];
  held(): Held;
}

/**
 * A clock and a dial for one subject, with a count of what it holds of them. Each socket's beginning and end are
 * journalled as `{ name: 'socket', user, number, what: 'dialled' | 'closed' }`.
 */
export function meter(table: Table, user: string): Meter {
  const open = new Set<Duplex>();
  let timers = 0;
  let dialled = 0;
  return {
    clock: {
      now: () => table.clock.now(),
      sleep: (ms, signal) => {
        timers += 1;
        return table.clock.sleep(ms, signal).finally(() => {
          timers -= 1;
        });
      },
    },
    dial: (target) => {
      const socket = table.dial(target);
      dialled += 1;
      const fact = { user, number: dialled };
      open.add(socket);
      table.note('socket', { ...fact, what: 'dialled' });
      return socket.once('close', () => {
        open.delete(socket);
        table.note('socket', { ...fact, what: 'closed' });
      });
    },
    held: () => ({ sockets: open.size, timers }),
  };
}
