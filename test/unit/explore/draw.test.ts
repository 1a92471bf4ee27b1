import { describe, expect, it } from 'vitest';
import { drawSchedule, type Palette } from '../../../harness/explore/draw.ts';
import { drawableKinds } from '../../../harness/explore/kinds.ts';
import { plannedFaults } from '../../../harness/explore/planned.ts';

const palette: Palette = {
  links: { 'agent→server': 'http', 'server→mysql': ['mysql-error', 'reset'] },
  names: ['server.test'],
  crash: true,
  clock: true,
};
const seeds = Array.from({ length: 400 }, (_, seed) => seed);
const drawn = seeds.map((seed) => drawSchedule(seed, palette, 60_000));
const all = drawn.flatMap(({ faults }) => faults);

describe('drawSchedule', () => {
  it('draws the same for the same seed, and another for another', () => {
    expect(seeds.map((seed) => drawSchedule(seed, palette, 60_000))).toEqual(drawn);
    expect(new Set(drawn.map((schedule) => JSON.stringify(schedule))).size).toBe(seeds.length);
  });

  it('has every fault over when the storm is', () => {
    for (const { atMs, forMs } of all) expect(atMs + forMs).toBeLessThanOrEqual(60_000);
  });

  it('draws whole milliseconds that are on no grid', () => {
    for (const step of [10, 100, 250, 500])
      expect(all.filter(({ atMs }) => atMs % step === 0).length / all.length).toBeLessThan(2.5 / step + 0.02);
    expect(all.every(({ atMs, forMs }) => Number.isInteger(atMs) && Number.isInteger(forMs))).toBe(true);
  });

  it('draws every kind that the palette has, and no other', () => {
    const kinds = new Set(all.map(({ kind }) => kind));
    const layers = Object.entries(drawableKinds).filter(
      ([, kind]) => 'layer' in kind && ['tcp', 'http'].includes(kind.layer),
    );
    const expected = [...layers.map(([name]) => name), 'mysql-error', 'no-name', 'crash', 'clock-jump'];
    expect([...kinds].toSorted()).toEqual(expected.toSorted());
  });

  it('mixes few kinds in one schedule, and has schedules of one fault and of many', () => {
    const mixes = drawn.map(({ faults }) => new Set(faults.map(({ kind, link }) => `${kind} ${link}`)).size);
    expect(Math.max(...mixes)).toBeLessThanOrEqual(4);
    const sizes = new Set(drawn.map(({ faults }) => faults.length));
    expect([1, 2, 5, 9].every((size) => sizes.has(size))).toBe(true);
  });

  it('lets many a fault come while another one holds', () => {
    const overlaps = drawn.filter(({ faults }) =>
      faults.some((one, at) => faults.slice(at + 1).some(({ atMs }) => atMs < one.atMs + one.forMs)),
    );
    const several = drawn.filter(({ faults }) => faults.length > 1);
    expect(overlaps.length / several.length).toBeGreaterThan(0.6);
    expect(overlaps.length).toBeLessThan(several.length);
  });

  it('has two kinds rather than the same fault twice', () => {
    const twice = drawn.filter(({ faults }) => faults.length === 2);
    const same = twice.filter(({ faults }) => faults[0]?.kind === faults[1]?.kind);
    // A swarm of one kind is one in four.
    expect(same.length / twice.length).toBeLessThan(0.45);
  });

  it('draws faults of HTTP/2 on its links, and what is beneath it', () => {
    const schedules = seeds.map((seed) =>
      drawSchedule(seed, { links: { 'agent→gateway': 'http2' } }, 60_000),
    );
    const kinds = new Set(schedules.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    const expected = Object.entries(drawableKinds).filter(
      ([, kind]) => 'layer' in kind && ['tcp', 'http2'].includes(kind.layer),
    );

    expect([...kinds].toSorted()).toEqual(expected.map(([name]) => name).toSorted());
    for (const schedule of schedules)
      expect(Object.keys(plannedFaults(schedule))).toHaveLength(schedule.faults.length);
  });

  it('draws nothing from nothing', () => {
    expect(drawSchedule(1, {}, 60_000)).toEqual({ faults: [] });
  });

  it('draws faults that can be planned: each attribute is one that its toxic has', () => {
    for (const schedule of drawn)
      expect(Object.keys(plannedFaults(schedule))).toHaveLength(schedule.faults.length);
  });
});
