/** A scenario for a program that the lab has never seen: the same issue, with the story and the checks that need nothing inside it. */
import { LabError } from '../errors.ts';
import type { ForeignSubject } from '../foreign/subject.ts';
import { type StandingCheckId, standingCheckIds, type Waivers } from '../standing/index.ts';
import type { ScenarioDefinition } from './scenario.ts';
import { mistakesOf } from './scenario-mistakes.ts';

/** Standing checks that are decided from outside; the others read records that only the lab's own agents write. */
const fromOutside: readonly StandingCheckId[] = [
  'standing-no-secret',
  'standing-ends',
  'standing-prompt-stop',
  'standing-nothing-left-open',
  'standing-no-storm',
  'standing-sound-server',
];

/** @throws LabError `LAB_SCENARIO_BROKEN` for a scenario that cannot play it, or whose part for it cannot be judged */
export function forSubject(definition: ScenarioDefinition, subject: ForeignSubject): ScenarioDefinition {
  const {
    id,
    anySubject,
    anyAdapter,
    claims: _claims,
    fastPace: _fastPace,
    waives = {},
    ...rest
  } = definition;
  const own = subject.adapter.length > 0 ? anyAdapter : anySubject;
  if (own === undefined)
    throw new LabError('LAB_SCENARIO_BROKEN', `${id} has no part for a subject of the user's own`, {
      hint: 'Give it `anySubject`, or `anyAdapter` for an adapter, or leave --subject out.',
    });
  const { faults = {}, ...part } = own.part(subject, definition.faults ?? {});
  const fastPace = paceFor(subject, own.fastPace);
  const played: ScenarioDefinition = {
    ...rest,
    id,
    ...part,
    faults,
    fastPace,
    subjects: [subject.name],
    reported: [],
    waives: { ...waives, ...waivedFromInside() },
  };
  const mistakes = mistakesOf(played);
  if (mistakes.length === 0) return played;
  throw new LabError(
    'LAB_SCENARIO_BROKEN',
    mistakes.map((line) => `${id}: its part for ${subject.name}: ${line}`).join('\n'),
  );
}

/** A cycle takes at least this of real time: what a process does in it takes as long as it does at any pace. */
const shortestCycleMs = 250;

/** The pace of the scenario, or one at which the subject's cycles can be kept. */
function paceFor({ cycleMs }: ForeignSubject, wanted = 20): number {
  return Math.max(1, Math.min(wanted, cycleMs / shortestCycleMs));
}

function waivedFromInside(): Waivers {
  const left = standingCheckIds.filter((id) => !fromOutside.includes(id));
  return Object.fromEntries(left.map((id) => [id, 'it reads records of the lab’s own agents']));
}
