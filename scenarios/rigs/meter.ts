/**
 * Counts what a subject holds from outside, at the two seams that everything it does goes through: waits on its clock,
 * and sockets that it dialled. Neither depends on what the subject says about itself.
 */
import { getEventListeners } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Table } from 'shaketable';

/** What a subject holds at a moment. */
export interface Held {
  /** Sockets that are not closed yet. */
  readonly sockets: number;
  /** Waits on the clock that are neither over nor cancelled. */
  readonly timers: number;
}

/** What a subject says of what it still holds. */
export interface OwnWord {
  readonly unsettled: number;
  readonly bufferedBytes?: number;
}

export interface Meter {
  readonly clock: Table['clock'];
  readonly dial: Table['dial'];
  held(): Held;
  /** Stops the subject with the table, and journals what was left of it then, as `process.left`; `own` is what it says itself. */
  stopWithTable(stop: () => PromiseLike<void>, own?: () => OwnWord): void;
}

/** How a meter differs from the default. */
export interface MeterOptions {
  /** Whether each socket's beginning and end are journalled, as `{ name: 'socket', user, number, what: 'dialled' | 'closed' }`. */
  readonly tellSockets?: boolean;
}

/** A socket that was let go of has so many real milliseconds to close. */
const closingMs = 5_000;

/** A clock and a dial for one subject, with a count of what it holds of them. */
export function meter(table: Table, who: string, { tellSockets = true }: MeterOptions = {}): Meter {
  const open = new Set<Duplex>();
  let timers = 0;
  let dialled = 0;
  let mostListeners = 0;
  let onClosed = (): void => {};
  const tell = (number: number, what: 'dialled' | 'closed'): void => {
    if (tellSockets) table.note('socket', { user: who, number, what });
  };

  async function untilClosed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    onClosed = () => void (open.size === 0 && resolve());
    onClosed();
    await Promise.race([promise, table.clock.sleep(closingMs * table.pace)]);
  }

  return {
    clock: {
      now: () => table.clock.now(),
      sleep: (ms, signal) => {
        timers += 1;
        const slept = table.clock.sleep(ms, signal).finally(() => {
          timers -= 1;
        });
        if (signal) mostListeners = Math.max(mostListeners, getEventListeners(signal, 'abort').length);
        return slept;
      },
    },
    dial: (target) => {
      const socket = table.dial(target);
      dialled += 1;
      const number = dialled;
      open.add(socket);
      tell(number, 'dialled');
      return socket.once('close', () => {
        open.delete(socket);
        tell(number, 'closed');
        onClosed();
      });
    },
    held: () => ({ sockets: open.size, timers }),
    stopWithTable(stop, own) {
      table.use({
        async [Symbol.asyncDispose]() {
          await stop();
          // What was cancelled last is over with the next turn.
          await table.clock.sleep(0);
          const left = timers;
          if (table.subject !== 'naive') await untilClosed();
          const held = { timers: left, sockets: open.size, mostListeners };
          table.record('process', 'process.left', { who, ...held, ...own?.() });
        },
      });
    },
  };
}
