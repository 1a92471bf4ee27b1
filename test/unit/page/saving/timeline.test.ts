import { describe, expect, it } from 'vitest';
import type { Deed } from '../../../../harness/page/recorder.ts';
import { timelineOf } from '../../../../harness/page/saving/timeline.ts';
import { program, recordingOf, strikeOf, toxicOf } from './rig.ts';

const link = 'api';
const agent = program('agent');
const start: Deed = { at: 5_000, did: 'start', program: agent, env: {} };
const add = (at: number, name: string, given = {}): Deed => ({
  at,
  did: 'add',
  link,
  toxic: toxicOf(name, given),
});
const remove = (at: number, name: string): Deed => ({ at, did: 'remove', link, name });

describe('the timeline of what was done by hand', () => {
  it('begins with the first program and keeps the time between', () => {
    const { steps, faults, lastsMs } = timelineOf(
      recordingOf([start, add(17_040, 'slow'), remove(20_000, 'slow')], 25_000),
      [],
      0,
    );

    expect(steps).toEqual([
      { do: 'start', program: agent, env: {} },
      { do: 'sleep', ms: 12_000 },
      { do: 'inject', fault: 'slow' },
      { do: 'sleep', ms: 3_000 },
      { do: 'lift', fault: 'slow' },
      { do: 'sleep', ms: 5_000 },
    ]);
    expect(faults).toMatchObject([{ id: 'slow', link, fromStart: false }]);
    expect(lastsMs).toBe(20_000);
  });

  it('waits for as many strikes as there were, and the rest of the time', () => {
    const { steps } = timelineOf(
      recordingOf([start, add(6_000, 'slow'), remove(20_000, 'slow')], 20_000),
      [strikeOf('slow', 9_000), strikeOf('slow', 18_000), strikeOf('slow', 21_000)],
      0,
    );

    expect(steps.slice(3)).toEqual([
      { do: 'strikes', fault: 'slow', nth: 2, withinMs: 30_000 },
      { do: 'sleep', ms: 2_000 },
      { do: 'lift', fault: 'slow' },
    ]);
  });

  it('has what was in force before the first program in force from the start, and forgets what was lifted by then', () => {
    const { steps, faults } = timelineOf(
      recordingOf([add(1_000, 'slow'), add(2_000, 'gone'), remove(3_000, 'gone'), start], 6_000),
      [],
      0,
    );

    expect(faults).toMatchObject([{ id: 'slow', fromStart: true }]);
    expect(steps.map((step) => step.do)).toEqual(['start', 'sleep']);
  });

  it('plays without a program what was played on a proxy alone', () => {
    const { steps, faults } = timelineOf(recordingOf([add(2_000, 'slow')], 3_000), [], 0);

    expect(faults).toMatchObject([{ fromStart: false }]);
    expect(steps).toEqual([
      { do: 'sleep', ms: 2_000 },
      { do: 'inject', fault: 'slow' },
      { do: 'sleep', ms: 1_000 },
    ]);
  });

  it('makes two faults of a toxic that was changed, or was played twice', () => {
    const changed = {
      ...add(7_000, 'slow', { attributes: { latency: 900, jitter: 0 } }),
      did: 'change',
    } as Deed;
    const { faults, steps } = timelineOf(
      recordingOf([start, add(6_000, 'slow'), changed, remove(8_000, 'slow'), add(9_000, 'slow')], 9_000),
      [],
      0,
    );

    expect(faults.map(({ id }) => id)).toEqual(['slow', 'slow-2', 'slow-3']);
    expect(steps.filter((step) => step.do === 'inject' || step.do === 'lift')).toEqual([
      { do: 'inject', fault: 'slow' },
      { do: 'lift', fault: 'slow' },
      { do: 'inject', fault: 'slow-2' },
      { do: 'lift', fault: 'slow-2' },
      { do: 'inject', fault: 'slow-3' },
    ]);
  });

  it('has a link that was down as a fault', () => {
    const off: Deed = { at: 6_000, did: 'switch', link, enabled: false };
    const on: Deed = { at: 8_000, did: 'switch', link, enabled: true };
    const { faults, steps } = timelineOf(recordingOf([start, off, on, { ...on, at: 9_000 }], 9_000), [], 0);

    expect(faults).toEqual([{ id: 'api down', link, toxic: undefined, fromStart: false }]);
    expect(steps.filter(({ do: what }) => what === 'inject' || what === 'lift')).toHaveLength(2);
  });

  it('counts connections from the beginning of the recording', () => {
    const { faults } = timelineOf(
      recordingOf([start, add(6_000, 'pause-7', { only: { connections: [7] } })], 7_000),
      [],
      0,
    );

    expect(faults[0]?.toxic?.only).toEqual({ connections: [2] });
  });
});
