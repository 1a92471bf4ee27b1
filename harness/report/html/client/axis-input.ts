/**
 * Pointer, wheel, touch and keys on a time axis.
 *
 *     zoom   + and −, Ctrl with the wheel (which is what a pinch on a touchpad sends), two fingers, buttons
 *     pan    dragging, Shift with the wheel or with an arrow key, the slider
 *     all    0
 *     walk   arrow keys through what is drawn, Enter to the entry
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { targetOf } from './page.ts';
import type { Timeline } from './timeline.ts';
import { pointAt, walk } from './walk.ts';

const zoomStep = 2;
const panStep = 0.25;

/** Pixels that a pointer moves before it drags rather than clicks. */
const dragThreshold = 4;

export function listenToAxis(timeline: Timeline): void {
  const { svg, root } = timeline;
  svg.addEventListener('keydown', (event) => onKey(timeline, event));
  svg.addEventListener('wheel', (event) => onWheel(timeline, event), { passive: false });
  svg.addEventListener('pointerover', (event) => {
    const mark = targetOf<SVGElement>(event, '[data-n]');
    if (mark && event.buttons === 0) void pointAt(timeline, mark);
  });
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-zoom]')) {
    button.addEventListener('click', () => void zoomBy(timeline, button.dataset.zoom));
  }
  const range = root.querySelector<HTMLInputElement>('input[type=range]');
  range?.addEventListener('input', () => {
    const span = timeline.view.to - timeline.view.from;
    const from = (Number(range.value) / 1_000) * (timeline.end - span);
    void timeline.show(from, from + span);
  });
  listenToDrag(timeline);
}

function zoomBy(timeline: Timeline, how: string | undefined): Promise<void> {
  if (how === 'all') return timeline.showAll();
  const isAt = timeline.pointed?.t;
  const { from, to } = timeline.view;
  const around = isAt !== undefined && isAt >= from && isAt <= to ? isAt : (from + to) / 2;
  return timeline.zoom(how === 'in' ? 1 / zoomStep : zoomStep, around);
}

function onKey(timeline: Timeline, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = actionOf(timeline, event);
  if (act === undefined) return;
  event.preventDefault();
  void act();
}

function actionOf(timeline: Timeline, { key, shiftKey }: KeyboardEvent): (() => Promise<void>) | undefined {
  if (key === '+' || key === '=') return () => zoomBy(timeline, 'in');
  if (key === '-' || key === '_') return () => zoomBy(timeline, 'out');
  if (key === '0') return () => timeline.showAll();
  if (shiftKey && key === 'ArrowLeft') return () => timeline.pan(-panStep);
  if (shiftKey && key === 'ArrowRight') return () => timeline.pan(panStep);
  if (key === 'Enter') return () => goToEntry(timeline);
  if (/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(key)) return () => walk(timeline, key);
  return undefined;
}

/** Opens the list of entries at what is pointed at. */
async function goToEntry(timeline: Timeline): Promise<void> {
  const [n] = timeline.pointed?.numbers ?? [];
  if (n === undefined) return;
  const pane = timeline.paneOf(timeline.pointed?.key ?? '');
  await pane?.show(n, 'focused');
  pane?.details.scrollIntoView({ block: 'nearest' });
}

function onWheel(timeline: Timeline, event: WheelEvent): void {
  if (event.ctrlKey) {
    event.preventDefault();
    const factor = Math.exp(Math.min(1, Math.max(-1, event.deltaY / 100)) * Math.log(zoomStep));
    void timeline.zoom(factor, timeAt(timeline, event.clientX));
    return;
  }
  const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
  if (sideways === 0 || timeline.isWhole) return;
  event.preventDefault();
  void timeline.pan(sideways / timeline.svg.clientWidth);
}

/** Lab time at a place in the window. */
function timeAt({ svg, view }: Timeline, clientX: number): number {
  const { left, width } = svg.getBoundingClientRect();
  return view.from + ((clientX - left) / width) * (view.to - view.from);
}

function listenToDrag(timeline: Timeline): void {
  const { svg } = timeline;
  const fingers = new Map<number, number>();
  let dragged = 0;
  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (fingers.size === 0) dragged = 0;
    fingers.set(event.pointerId, event.clientX);
  });
  svg.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const others = [...fingers].filter(([id]) => id !== event.pointerId);
    dragged += Math.abs(event.clientX - before);
    if (dragged < dragThreshold) return;
    if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event.clientX);
    const other = others[0]?.[1];
    if (other === undefined) void timeline.pan((before - event.clientX) / svg.clientWidth);
    else pinch(timeline, other, before, event.clientX);
  });
  for (const name of ['pointerup', 'pointercancel'] as const) {
    svg.addEventListener(name, (event) => fingers.delete(event.pointerId));
  }
  svg.addEventListener('click', (event) => {
    if (dragged >= dragThreshold) return;
    const mark = targetOf<SVGElement>(event, '[data-n]');
    if (mark) void pointAt(timeline, mark).then(() => goToEntry(timeline));
  });
}

/** One finger stays, the other moves: the time between them stays between them. */
function pinch(timeline: Timeline, stays: number, before: number, now: number): void {
  const [apart, apartNow] = [Math.abs(before - stays), Math.abs(now - stays)];
  if (apart < 1 || apartNow < 1) return;
  void timeline.zoom(apart / apartNow, timeAt(timeline, stays));
}
