/**
 * Puts sources on one clock. Machines differ by a zone, by some seconds, or by not telling the day: the offset is estimated at which most
 * events of one source meet events of the other, and is told with how many do. Without such an offset nothing is moved.
 */
import type { IncidentEvent } from '../event.ts';
import type { IncidentSource } from './source.ts';

/** Events of each source that are compared. */
const mostCompared = 400;
/** Two events so close meet: stamps are often whole seconds. */
const meetMs = 1_000;
const dayMs = 86_400_000;
/** Zones differ by multiples of this. */
const zoneStepMs = 900_000;

/** Moves every source onto the clock of the first that tells the time. */
export function onOneClock(sources: readonly IncidentSource[]): IncidentSource[] {
  const reference = sources.find(({ events }) => events.some(({ t }) => t !== undefined));
  if (reference === undefined) return [...sources];
  return sources.map((source) => (source === reference ? source : moved(source, reference)));
}

function moved(source: IncidentSource, reference: IncidentSource): IncidentSource {
  const [own, other] = [timesOf(source), timesOf(reference)];
  if (own.length === 0) return source;
  const best = bestOffset(own, other);
  const isOnSameClock = overlaps(own, other);
  if (best === undefined) {
    if (isOnSameClock) return source;
    const note = `its times and those of ${reference.name} have nothing in common: it is on a clock of its own`;
    return { ...source, notes: [...source.notes, note] };
  }
  const { offsetMs, met } = best;
  if (offsetMs === 0) return source;
  // Epoch times of our days are far from those that begin with day 0.
  const isDayless = Math.max(...own) < 400 * dayMs && offsetMs > 1_000 * dayMs;
  const how = isDayless
    ? `it tells no day and is put on that of ${reference.name}`
    : `its clock is moved by ${offsetText(offsetMs)}`;
  const note = `${how}: ${met} of its ${own.length} events then meet events of ${reference.name}`;
  const move = (event: IncidentEvent): IncidentEvent =>
    event.t === undefined ? event : { ...event, t: event.t + offsetMs };
  return { ...source, events: source.events.map(move), notes: [...source.notes, note] };
}

const timesOf = ({ events }: IncidentSource): number[] =>
  events
    .flatMap(({ t }) => t ?? [])
    .slice(0, mostCompared)
    .toSorted((a, b) => a - b);

function overlaps(a: readonly number[], b: readonly number[]): boolean {
  return (a[0] ?? 0) <= (b.at(-1) ?? 0) + 60_000 && (b[0] ?? 0) <= (a.at(-1) ?? 0) + 60_000;
}

interface Offset {
  readonly offsetMs: number;
  /** Events that meet another. */
  readonly met: number;
}

/** Of the offsets at which events meet, the one with the most; of equals the most plausible. Undefined where they are few. */
function bestOffset(own: readonly number[], other: readonly number[]): Offset | undefined {
  const counts = new Map<number, number>([[0, 0]]);
  for (const a of own)
    for (const b of other) {
      const bin = Math.round((b - a) / meetMs);
      counts.set(bin, (counts.get(bin) ?? 0) + 1);
    }
  const likely = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, 50);
  if (!likely.some(([bin]) => bin === 0)) likely.push([0, 0]);
  const measured = likely.map(([bin]) => meetAt(own, other, bin * meetMs)).toSorted((a, b) => b.met - a.met);
  const most = measured[0]?.met ?? 0;
  // Whole seconds and chance: what comes close to the best is as good.
  const [best] = measured
    .filter(({ met }) => met >= most * 0.9)
    .toSorted((a, b) => strangeness(a.offsetMs) - strangeness(b.offsetMs));
  const needed = Math.min(own.length, other.length);
  return best === undefined || best.met < Math.max(2, needed * 0.5) ? undefined : best;
}

/** How many events meet at about this offset, and the offset at which they do so best. */
function meetAt(own: readonly number[], other: readonly number[], aboutMs: number): Offset {
  const differences: number[] = [];
  let at = 0;
  for (const a of own) {
    while (
      at < other.length - 1 &&
      Math.abs((other[at + 1] ?? 0) - a - aboutMs) <= Math.abs((other[at] ?? 0) - a - aboutMs)
    )
      at += 1;
    const difference = (other[at] ?? Number.NaN) - a;
    if (Math.abs(difference - aboutMs) <= meetMs) differences.push(difference);
  }
  const middle = differences.toSorted((a, b) => a - b)[Math.floor(differences.length / 2)] ?? aboutMs;
  const whole = [0, dayMs, zoneStepMs].map((step) => (step === 0 ? 0 : Math.round(middle / step) * step));
  const plain = whole.find((offset) => Math.abs(offset - middle) <= meetMs);
  return { offsetMs: Math.round(plain ?? middle), met: differences.length };
}

/** None is the least strange, then whole days, then zones, then the shorter. */
function strangeness(offsetMs: number): number {
  if (offsetMs === 0) return 0;
  if (offsetMs % dayMs === 0) return 1;
  if (offsetMs % zoneStepMs === 0 && Math.abs(offsetMs) <= 14 * 3_600_000) return 2;
  const ofDay = Math.abs(((offsetMs + dayMs / 2) % dayMs) - dayMs / 2);
  return 3 + ofDay / dayMs;
}

function offsetText(ms: number): string {
  const sign = ms < 0 ? '−' : '+';
  const all = Math.abs(ms) / 1_000;
  const [days, hours, minutes] = [
    Math.floor(all / 86_400),
    Math.floor(all / 3_600) % 24,
    Math.floor(all / 60) % 60,
  ];
  const seconds = Math.round((all % 60) * 10) / 10;
  const parts = [
    [days, 'd'],
    [hours, 'h'],
    [minutes, 'min'],
    [seconds, 's'],
  ].filter(([amount]) => amount !== 0);
  return `${sign}${parts.map(([amount, unit]) => `${amount} ${unit}`).join(' ')}`;
}
