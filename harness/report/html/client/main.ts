/**
 * What the run's page can do beyond being read. It makes no request.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { listenToAxis } from './axis-input.ts';
import { startCopy } from './copy.ts';
import { startFilter } from './filter.ts';
import { startLinks } from './links.ts';
import { scenarios } from './page.ts';
import { startPrint } from './print.ts';
import { Timeline } from './timeline.ts';

const timelines = new Map<Element, Timeline>();

/** The time axis of a scenario, made when it is first looked at. */
function timelineOf(scenario: Element): Timeline | undefined {
  const known = timelines.get(scenario);
  if (known) return known;
  const root = scenario.querySelector<HTMLElement>('.timeline');
  const svg = root?.querySelector<SVGSVGElement>('.axis');
  if (!root || !svg) return undefined;
  const timeline = new Timeline(root, svg);
  timelines.set(scenario, timeline);
  listenToAxis(timeline);
  return timeline;
}

for (const scenario of scenarios) {
  const prepare = (): void => {
    if (scenario.open) void timelineOf(scenario)?.load();
  };
  scenario.addEventListener('toggle', prepare);
  prepare();
}
startFilter();
startCopy();
startPrint('details.scenario, details.held');
startLinks(timelineOf);
