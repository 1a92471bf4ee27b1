/** A schedule that was found, as a scenario: the story of its exploration under the faults that are left, judged by what it has to hold. */
import { type ScenarioDefinition, scenario } from '../run/scenario.ts';
import { type Exploration, explorationIn, playStory } from './exploration.ts';
import { plannedFaults } from './planned.ts';
import type { ScheduledFault } from './schedule.ts';

/** What a file that an exploration wrote says. */
export interface Found {
  readonly id: string;
  /** What fails, and when. */
  readonly title: string;
  readonly faults: readonly ScheduledFault[];
  readonly worlds?: ScenarioDefinition['worlds'];
}

/** Declares the scenario of an exploration, or of the module that exports one; it passes once what was found is mended. */
export function found(explored: Exploration | object, { id, title, faults, worlds }: Found): void {
  const exploration = explorationIn(explored);
  const { title: about, fastPace, as, own, invariants, waives } = exploration;
  scenario({
    id,
    title,
    requirements: [],
    story: `Found by exploring “${about}”: ${title}.`,
    fastPace,
    subjects: [as],
    faults: { ...own, ...plannedFaults({ faults }) },
    play: (table) => playStory(exploration, table),
    checks: invariants,
    waives,
    ...(worlds === undefined ? {} : { worlds }),
  });
}
