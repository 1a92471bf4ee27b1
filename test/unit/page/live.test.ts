import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Sight, streamLive } from '../../../harness/page/live.ts';
import type { Line, Update } from '../../../harness/page/messages.ts';
import { manualClock } from '../../support/manual-clock.ts';

const lineOf = (n: number): Line => ({
  n,
  at: n,
  log: false,
  source: 'proxy',
  kind: 'connection.open',
  text: `line ${n}`,
});

/** A reader that says how much it has not read yet. */
class Reader extends EventEmitter {
  writableLength = 0;
  readonly got: Update[] = [];
  writeHead(): void {}
  write(text: string): void {
    this.got.push(JSON.parse(text) as Update);
  }
}

function start(state: { open: number }) {
  const clock = manualClock();
  const reader = new Reader();
  const listeners = new Set<(line: Line) => void>();
  const sight: Sight = {
    state: () => ({ connections: { rows: [], open: state.open, fitting: 0 } }),
    recent: () => [lineOf(1)],
    onLine(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  streamLive(reader as unknown as ServerResponse, { sight, clock, filter: { link: '', ended: true } });
  const tell = (from: number, to: number): void => {
    for (let n = from; n <= to; n += 1) for (const listener of listeners) listener(lineOf(n));
  };
  return { clock, reader, tell, listeners };
}

describe('what a page is told', () => {
  it('is everything at first, then what changed, then a sign of life', async () => {
    const state = { open: 1 };
    const { clock, reader, tell } = start(state);
    expect(reader.got).toMatchObject([{ connections: { open: 1 }, lines: [{ n: 1 }] }]);

    await clock.advance(300);
    expect(reader.got).toHaveLength(1);

    state.open = 2;
    tell(2, 3);
    await clock.advance(300);
    expect(reader.got[1]).toMatchObject({ connections: { open: 2 }, lines: [{ n: 2 }, { n: 3 }] });

    await clock.advance(6_000);
    expect(Object.keys(reader.got[2] ?? {})).toEqual(['now']);
  });

  it('waits for a reader that is slow, and then is what holds now, the latest lines, and how many were left out', async () => {
    const state = { open: 1 };
    const { clock, reader, tell } = start(state);
    reader.writableLength = 2_000_000;
    for (let round = 0; round < 50; round += 1) {
      state.open += 1;
      tell(round * 1_000 + 2, round * 1_000 + 1_001);
      await clock.advance(300);
    }
    expect(reader.got).toHaveLength(1);

    reader.writableLength = 0;
    await clock.advance(300);

    const [, update] = reader.got;
    expect(update?.connections?.open).toBe(51);
    expect(update?.lines).toHaveLength(150);
    expect(update?.lines?.at(-1)?.n).toBe(50_001);
    expect((update?.leftOut ?? 0) + 150).toBe(50_000);
  });

  it('ends with the reader', async () => {
    const { clock, reader, listeners } = start({ open: 1 });
    reader.emit('close');
    expect(listeners.size).toBe(0);
    await clock.advance(60_000);
    expect(reader.got).toHaveLength(1);
  });
});
