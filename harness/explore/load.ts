/** What a file gives to explore: an exploration that it exports, or the scenario that it declares. */
import { LabError } from '../errors.ts';
import { declaredScenarios, type ScenarioDefinition } from '../run/scenario.ts';
import { type Exploration, exploration, isExploration } from './exploration.ts';

/** Loads modules of a project. */
type Import = (file: string) => Promise<Record<string, unknown>>;

/** Loads a file. @throws LabError `LAB_BAD_INPUT` for one that has nothing to explore, and what `load` throws */
export async function loadExploration(file: string, load: Import): Promise<Exploration> {
  const before = declaredScenarios.length;
  const module = await load(file);
  const found = Object.values(module).filter(isExploration);
  const [only, second] = found;
  if (second !== undefined)
    throw new LabError('LAB_BAD_INPUT', `${file} exports ${found.length} explorations`, {
      hint: 'Put each into a file of its own.',
    });
  if (only !== undefined) return only;
  const [definition] = declaredScenarios.slice(before);
  if (definition !== undefined) return ofScenario(definition);
  throw new LabError('LAB_BAD_INPUT', `${file} has nothing to explore`, {
    hint: 'Export what exploration({ … }) gives; docs/exploring.md has an example.',
  });
}

/**
 * The story of a scenario under drawn faults beside its own, on the links that those are on. What it judges is about its own faults,
 * so that standing checks are left; its hardened subject has to hold them whatever comes.
 */
export function ofScenario(definition: ScenarioDefinition): Exploration {
  const { id, title, faults = {}, play, subjects: [subject] = ['hardened'], waives } = definition;
  const links = Object.values(faults).flatMap(({ link }) => (link === undefined ? [] : [link]));
  const places = links.length > 0 ? links : ['agent→server'];
  return exploration({
    id,
    title,
    faults: { links: Object.fromEntries(places.map((link) => [link, 'tls'])) },
    as: subject,
    own: faults,
    async subject(table, storm) {
      storm();
      await play(table);
    },
    invariants: {},
    ...(waives === undefined ? {} : { waives }),
  });
}
