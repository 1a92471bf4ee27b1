/**
 * The lines of a chart: those whose keys are pressed stand out, and the one whose key is pointed at.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

export function startChartKeys(): void {
  document.documentElement.classList.add('scripted');
  for (const chart of document.querySelectorAll<HTMLElement>('.chart')) {
    for (const key of chart.querySelectorAll<HTMLElement>('.key')) listenToKey(chart, key);
  }
}

function listenToKey(chart: HTMLElement, key: HTMLElement): void {
  key.addEventListener('click', () => {
    key.setAttribute('aria-pressed', String(!isPressed(key)));
    bringForward(chart, pressedIn(chart));
  });
  key.addEventListener('pointerenter', () => bringForward(chart, [...pressedIn(chart), key.dataset.s]));
  key.addEventListener('pointerleave', () => bringForward(chart, pressedIn(chart)));
}

const isPressed = (key: HTMLElement): boolean => key.getAttribute('aria-pressed') === 'true';

/** The series whose keys are pressed. */
const pressedIn = (chart: HTMLElement): (string | undefined)[] =>
  [...chart.querySelectorAll<HTMLElement>('.key')].filter(isPressed).map(({ dataset }) => dataset.s);

/** Dims all lines but those of `series`; without any, none. */
function bringForward(chart: HTMLElement, series: readonly (string | undefined)[]): void {
  for (const line of chart.querySelectorAll<SVGElement>('.plot [data-s]'))
    line.classList.toggle('dim', series.length > 0 && !series.includes(line.dataset.s));
}
