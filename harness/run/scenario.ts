/**
 * What a scenario is: a field issue, the faults that bring it out, and the checks that judge it. `scenario()` registers it
 * with Vitest, so that filters, shards and editors work as everywhere; outside Vitest it is only listed.
 */
import type { CheckSpec } from '../checks/check.ts';
import { LabError } from '../errors.ts';
import type { PlannedFault } from '../faults/planned-fault.ts';
import type { AnyAdapter, AnySubject, AppliesWhere } from '../foreign/any-subject.ts';
import { mistakeInWords } from '../schema-mistakes.ts';
import type { Waivers } from '../standing/index.ts';
import { ownWorlds, type WorldName } from '../world-list.ts';
import type { Table } from '../worlds/table.ts';
import { mistakesOf } from './scenario-mistakes.ts';
import { mistakesInShape } from './scenario-shape.ts';

/** A figure of a field report that a check of this scenario measures. */
export interface ClaimSpec {
  readonly id: string;
  /** What the figure is, in the report's words. */
  readonly figure: string;
  readonly requirement: string;
  readonly reportedBefore: string | number | null;
  readonly reportedAfter: string | number | null;
  readonly unit: string;
  /** The check whose value is the figure. */
  readonly check: string;
  /** What the measured check value is multiplied with to get the unit of the report; default 1. */
  readonly scale?: number;
  /** Range in which the naive subject's figure bears the report out, in the report's unit. */
  readonly before: readonly [number, number];
  /** Range in which the hardened subject's figure bears the report out. */
  readonly after: readonly [number, number];
  /** Range of the hardened subject's figure divided by the naive one's, for a report that says no more than which is larger. */
  readonly ratio?: readonly [number, number];
}

/** A scenario as its file declares it. */
export interface ScenarioDefinition<CheckId extends string = string> {
  /** A path that equals the file's place: `fleet-resets/one-handshake-per-request`. */
  readonly id: string;
  readonly title: string;
  /** Requirement ids that it covers: `R1.1`. */
  readonly requirements: readonly string[];
  /** What happens in the field and why it matters, in a few sentences. */
  readonly story: string;
  /** How many lab milliseconds pass in a real one at `--pace fast`; default 20. */
  readonly fastPace?: number;
  /**
   * Where it can be played; default in all worlds that start the server themselves. `external` is for one that needs no
   * settings of the server and no database of its own, and that is done within a minute or two of real time.
   */
  readonly worlds?: readonly WorldName[];
  /** Worlds of those that cannot play it all the same, each with the reason in words. */
  readonly except?: Readonly<Partial<Record<WorldName, string>>>;
  /** The faults, by id. A scenario without any judges plain behaviour. */
  readonly faults?: Readonly<Record<string, PlannedFault>>;
  /**
   * One program, judged alone: every check has to pass, and the report says that nothing has shown that they can fail. Left out,
   * `naive` and `hardened` are played beside each other.
   */
  readonly subjects?: readonly [string];
  /** Puts the subject (`table.subject`) on the table and lives through the story. */
  readonly play: (table: Table) => Promise<void>;
  /** What is judged afterwards, by id. */
  readonly checks: Readonly<Record<CheckId, CheckSpec>>;
  /** The checks that the naive subject must fail, as the field reported; at least one, and none for a program that is alone. */
  readonly reported: readonly NoInfer<CheckId>[];
  readonly claims?: readonly ClaimSpec[];
  /** Standing checks that do not apply here, each with the reason. */
  readonly waives?: Waivers;
  /** How it plays a program that the lab has never seen (`run --subject`); left out, it does not. */
  readonly anySubject?: AnySubject;
  /** How it plays a client library through an adapter (`adapter` of a subject file); left out, it does not. */
  readonly anyAdapter?: AnyAdapter;
  /** Checks that are judged only where the run has such an entry, by id; of a scenario for a foreign subject. */
  readonly appliesWhere?: Readonly<Record<string, AppliesWhere>>;
  /** Checks that cannot be judged of the subject at hand, each with the reason; of a scenario for a foreign subject. */
  readonly notApplicable?: Readonly<Record<string, string>>;
}

/** A scenario as its file gives it. */
export type ScenarioSource<CheckId extends string = string> = Omit<
  ScenarioDefinition<CheckId>,
  'reported' | 'appliesWhere' | 'notApplicable'
> &
  Partial<Pick<ScenarioDefinition<CheckId>, 'reported'>>;

/** Where a scenario can be played. */
export function worldsOf({
  worlds = ownWorlds,
  except = {},
}: Pick<ScenarioDefinition, 'worlds' | 'except'>): readonly WorldName[] {
  return worlds.filter((world) => except[world] === undefined);
}

const declared: ScenarioDefinition[] = [];

/** Scenarios declared by the files imported so far, for `shaketable list`. */
export const declaredScenarios: readonly ScenarioDefinition[] = declared;

/** Who runs a scenario that was declared; set inside Vitest by the lab's set-up file. */
let register: ((definition: ScenarioDefinition) => void) | undefined;

/** Hands every scenario declared from now on to `runner`. */
export function onScenario(runner: (definition: ScenarioDefinition) => void): void {
  register = runner;
}

/**
 * Declares a scenario; a file has exactly one.
 * @throws LabError `LAB_SCENARIO_BROKEN` for one that cannot be judged: a check that can match nothing, or none reported
 */
export function scenario<CheckId extends string>(source: ScenarioSource<CheckId>): void {
  const definition: ScenarioDefinition<CheckId> = { reported: [], ...source };
  const { id, reported, subjects, claims = [] } = definition;
  const wrong = mistakesInShape(source);
  if (wrong.length > 0) throw broken(id, wrong.map(mistakeInWords));
  if (subjects && reported.length + claims.length > 0)
    throw broken(id, [`subjects: ${subjects} is alone, and reported and claims compare two`]);
  if (!subjects && reported.length === 0)
    throw broken(id, ['reported: it has to name a check that the naive subject fails']);
  const mistakes = mistakesOf(definition);
  if (mistakes.length > 0) throw broken(id, mistakes);
  declare(definition as ScenarioDefinition);
}

/** Declares what was judged already. @throws LabError `LAB_SCENARIO_BROKEN` for a file’s second one */
export function declare(definition: ScenarioDefinition): void {
  if (loading !== undefined) return void loading.push(definition);
  refuseSecond(definition);
  declared.push(definition);
  register?.(definition);
}

/** What the module being loaded declares, where somebody asked for that and nothing is to be run. */
let loading: ScenarioDefinition[] | undefined;
const ofModule = new WeakMap<object, ScenarioDefinition>();

/** The scenario that a module declares, without running it. @throws LabError `LAB_SCENARIO_BROKEN` for none, or several */
export async function declaredBy(load: () => Promise<object>): Promise<ScenarioDefinition> {
  const before = loading;
  loading = [];
  const found = loading;
  const module = await load().finally(() => {
    loading = before;
  });
  // A module is evaluated once, however often it is loaded.
  const [only, second] = found.length === 0 ? [ofModule.get(module)] : found;
  if (only === undefined || second !== undefined)
    throw new LabError('LAB_SCENARIO_BROKEN', `The file declares ${found.length} scenarios`, {
      hint: 'Name a file that calls scenario({ … }) once.',
    });
  ofModule.set(module, only);
  return only;
}

/** In a run each file is loaded in a process of its own: what was declared before stands in the same file. */
function refuseSecond({ id }: Pick<ScenarioDefinition, 'id'>): void {
  const [first] = declared;
  if (register === undefined || first === undefined) return;
  throw new LabError(
    'LAB_SCENARIO_BROKEN',
    `${id}: the file declares ${first.id} already, and a file declares one scenario`,
    {
      hint: 'Put each scenario into a file of its own.',
    },
  );
}

function broken(id: string, mistakes: readonly string[]): LabError {
  return new LabError('LAB_SCENARIO_BROKEN', mistakes.map((line) => `${id}: ${line}`).join('\n'), {
    hint: 'docs/reference/journal-kinds.md has the kinds of entries and their fields.',
  });
}
