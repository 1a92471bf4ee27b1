/**
 * Where the parts of a page stand: `#scenario`, `#scenario/check` and `#scenario/subject/entry`. They are made of names that
 * stay from run to run, and so do links to them.
 */
import type { ScenarioResult } from '../run-result.ts';

/** The id of a scenario's element. */
export const anchorOf = ({ id }: ScenarioResult): string => safe(id);

/** The id of a check's row. */
export const checkAnchor = (scenario: ScenarioResult, check: string): string =>
  `${anchorOf(scenario)}/${safe(check)}`;

/** What the ids of a subject's entries begin with; a slash and the entry's number follow. */
export const subjectAnchor = (scenario: ScenarioResult, subject: string): string =>
  `${anchorOf(scenario)}/${safe(subject)}`;

/** Without what an address would have to escape. */
const safe = (text: string): string => text.replaceAll(/[^\w/-]/g, '.');
