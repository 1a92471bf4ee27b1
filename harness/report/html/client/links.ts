/**
 * Links into the page: `#scenario`, `#scenario/check` and `#scenario/subject/entry` open their target, bring it into sight,
 * and give it focus and a mark. Evidence goes to its entry without losing one's place in the page.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { byId, decodeHash, scenarios, targetOf } from './page.ts';
import type { Timeline } from './timeline.ts';

export function startLinks(timelineOf: (scenario: Element) => Timeline | undefined): void {
  const follow = (): void => {
    const hash = decodeHash(location.hash.slice(1));
    const scenario = scenarioOf(hash);
    if (scenario) void goTo(scenario, hash, timelineOf(scenario));
  };
  addEventListener('hashchange', follow);
  // The browser goes to its own idea of the target when it has loaded the page, and takes the focus along.
  addEventListener('load', () => requestAnimationFrame(follow));
  for (const name of ['pointerover', 'focusin', 'click'] as const) {
    document.addEventListener(name, (event) => onEvidence(event, timelineOf));
  }
}

/** The scenario that `hash` leads to or into: of several the one with the longest name. */
function scenarioOf(hash: string): HTMLDetailsElement | undefined {
  const older = hash.replace(/^s-/, '');
  return scenarios
    .filter(({ id }) => hash === id || hash.startsWith(`${id}/`) || id.replaceAll('/', '.') === older)
    .toSorted((a, b) => b.id.length - a.id.length)[0];
}

async function goTo(
  scenario: HTMLDetailsElement,
  hash: string,
  timeline: Timeline | undefined,
): Promise<void> {
  for (const linked of document.querySelectorAll('.linked')) linked.classList.remove('linked');
  scenario.hidden = false;
  scenario.closest<HTMLElement>('.group')?.removeAttribute('hidden');
  scenario.open = true;
  const [, anchor, n] = /^(.*)\/(\d+)$/.exec(hash) ?? [];
  const pane = timeline?.panes.find((one) => one.anchor === anchor);
  if (timeline && pane && n !== undefined) return showLinked(timeline, pane.key, Number(n));
  const target = (hash.startsWith(`${scenario.id}/`) && byId(hash)) || scenario;
  for (let box = target.closest('details'); box; box = box.parentElement?.closest('details') ?? null)
    box.open = true;
  target.classList.add('linked');
  target.scrollIntoView({ block: target === scenario ? 'start' : 'center' });
  (target.querySelector<HTMLElement>(':scope > summary') ?? target).focus({ preventScroll: true });
}

async function showLinked(timeline: Timeline, key: string, n: number): Promise<void> {
  const pane = timeline.paneOf(key);
  const t = await pane?.timeOf(n);
  if (pane === undefined || t === undefined) return;
  await timeline.reveal(t);
  await timeline.point(key, [n], t);
  await pane.show(n, 'linked');
  pane.details.scrollIntoView({ block: 'center' });
}

function onEvidence(event: Event, timelineOf: (scenario: Element) => Timeline | undefined): void {
  const link = targetOf<HTMLAnchorElement>(event, 'a[data-e]');
  const scenario = link?.closest('details.scenario');
  const timeline = scenario ? timelineOf(scenario) : undefined;
  if (!link || !timeline) return;
  const { j: key = '', e = '' } = link.dataset;
  if (event.type === 'click') {
    if (event instanceof MouseEvent && (event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
  }
  void showEvidence(timeline, key, Number(e), event.type === 'click');
}

async function showEvidence(timeline: Timeline, key: string, n: number, isAsked: boolean): Promise<void> {
  const pane = timeline.paneOf(key);
  const t = await pane?.timeOf(n);
  if (pane === undefined || t === undefined) return;
  if (isAsked) await timeline.reveal(t);
  void timeline.point(key, [n], t);
  if (!isAsked) return;
  await pane.show(n);
  timeline.root.scrollIntoView({ block: 'nearest' });
}
