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

/** The part of lab time that an axis shows, in milliseconds. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** Where `t` stands on an axis that shows `view`: `43.21%`; what lies outside stands at its edge. */
export function position(t: number, view: View): string {
  return `${Math.round(shareOf(t, view) * 10_000) / 100}%`;
}

/** The same as a number from 0 to 1. */
export function shareOf(t: number, { from, to }: View): number {
  return to > from ? Math.min(1, Math.max(0, (t - from) / (to - from))) : 0;
}

/** Round times in the view, with their labels. */
export function ticks({ from, to }: View): { t: number; label: string }[] {
  const length = to - from;
  const step = steps.find((candidate) => length / candidate <= mostTicks) ?? length / mostTicks;
  const first = Math.ceil(from / step);
  const number = Math.max(0, Math.floor(to / step) - first + 1);
  return Array.from({ length: number }, (_, index) => {
    const t = (first + index) * step;
    return { t, label: tickLabel(t, step) };
  });
}

function tickLabel(t: number, step: number): string {
  if (t === 0) return '0';
  if (step >= hour) return `${Math.round(t / hour)} h`;
  if (step >= minute) return `${Math.round(t / minute)} min`;
  if (step >= second) return `${Math.round(t / second)} s`;
  return t < second ? `${Math.round(t)} ms` : `${Math.round(t) / second} s`;
}

/** Lab time as the list of entries writes it: seconds with milliseconds. */
export const timeText = (t: number): string => `${(t / second).toFixed(3)} s`;
