/** The axis of a quantity that is more than nothing: linear from zero, or logarithmic where values lie far apart. */

/** A place on the axis, with what stands there. */
export interface ValueTick {
  /** 0 to 1 from the low end. */
  readonly place: number;
  readonly label: string;
}

export interface ValueScale {
  readonly kind: 'linear' | 'logarithmic';
  readonly ticks: readonly ValueTick[];
  /** Where a value stands, 0 to 1 from the low end; what lies beyond stands at the edge. */
  place(value: number): number;
}

/** Values further apart than this have a logarithmic axis. */
const farApart = 8;
const steps = [1, 2, 5];
const mostTicks = 6;
const mostFineTicks = 9;

/** A scale that has room for all `values`, of which those that are no positive numbers are left out. */
export function valueScale(values: readonly number[]): ValueScale {
  const usable = values.filter((value) => value > 0 && Number.isFinite(value));
  const highest = usable.reduce((most, value) => Math.max(most, value), 0) || 1;
  const lowest = usable.reduce((least, value) => Math.min(least, value), highest);
  return highest / lowest > farApart ? logarithmic(lowest, highest) : linear(highest);
}

function linear(highest: number): ValueScale {
  const step = niceAtLeast(highest / (mostTicks - 1));
  const top = Math.ceil(highest / step - 1e-9) * step;
  const count = Math.round(top / step);
  return {
    kind: 'linear',
    ticks: Array.from({ length: count + 1 }, (_, index) => ({
      place: index / count,
      label: short(index * step),
    })),
    place: (value) => clamp(value / top),
  };
}

function logarithmic(lowest: number, highest: number): ValueScale {
  const [low, high] = [niceAtMost(lowest), niceAtLeast(highest)];
  const span = Math.log(high / low);
  const place = (value: number): number => clamp(Math.log(Math.max(value, low) / low) / span);
  return {
    kind: 'logarithmic',
    ticks: logTicks(low, high).map((value) => ({ place: place(value), label: short(value) })),
    place,
  };
}

/** 1, 2, 5, 10, 20 …, or powers of ten alone where those are too many. */
function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const within = (factors: readonly number[]): number[] =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index)
      .flatMap((power) => factors.map((factor) => factor * 10 ** power))
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  const fine = within(steps);
  return fine.length <= mostFineTicks ? fine : within([1]);
}

function niceAtLeast(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-12);
  const factor = [...steps, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function niceAtMost(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-12);
  const factor = steps.toReversed().find((one) => one * power <= value * (1 + 1e-9)) ?? 1;
  return factor * power;
}

const clamp = (place: number): number => Math.min(1, Math.max(0, place));

/** Without the digits that binary fractions add. */
const short = (value: number): string => String(Number(value.toPrecision(3)));
