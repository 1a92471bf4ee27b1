/**
 * Lab time across the width of an axis, as percentages, so that one drawing fits every screen.
 */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 6, 12, 24].map((count) => count * hour),
];

const mostTicks = 8;

/** Where `t` stands on an axis that ends at `end`: `43.21%`. */
export function position(t: number, end: number): string {
  const share = end > 0 ? Math.min(1, Math.max(0, t / end)) : 0;
  return `${Math.round(share * 10_000) / 100}%`;
}

/** Round times along the axis, from 0, with their labels. */
export function ticks(end: number): { t: number; label: string }[] {
  const step = steps.find((candidate) => end / candidate <= mostTicks) ?? end / mostTicks;
  const number = Math.floor(end / step) + 1;
  return Array.from({ length: number }, (_, index) => ({
    t: index * step,
    label: tickLabel(index * step, step),
  }));
}

function tickLabel(t: number, step: number): string {
  if (t === 0) return '0';
  if (step >= hour) return `${Math.round(t / hour)} h`;
  if (step >= minute) return `${Math.round(t / minute)} min`;
  if (step >= second) return `${Math.round(t / second)} s`;
  return t < second ? `${t} ms` : `${t / second} s`;
}
