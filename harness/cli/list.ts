/**
 * `shaketable list`: scenarios with their requirement ids and worlds.
 */
import { loadProject } from '../config/project.ts';
import { count } from '../report/text.ts';
import { loadScenarios } from './load-scenarios.ts';
import { findScenarios } from './scenario-files.ts';

export async function listCommand(
  wanted: string[],
  flags: { json: boolean; markdown: boolean; project?: string },
): Promise<number> {
  const scenarios = await loadScenarios(await findScenarios(wanted, await loadProject(flags.project)));
  const rows = scenarios.map(
    ({ id, title, requirements, worlds, except, faults, reported, anySubject, anyAdapter }) => ({
      id,
      title,
      fieldReport: id.split('/')[0],
      requirements,
      worlds,
      except,
      faults,
      reported,
      anySubject: anySubject ?? false,
      anyAdapter: anyAdapter ?? false,
    }),
  );
  if (flags.json) console.log(JSON.stringify(rows, null, 2));
  else for (const line of flags.markdown ? markdown(rows) : table(rows)) console.log(line);
  return 0;
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly fieldReport: string | undefined;
  readonly requirements: readonly string[];
  readonly faults: readonly { kind: string }[];
  readonly reported: readonly string[];
}

function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(({ id }) => id.length));
  const lines = rows.map(
    ({ id, title, requirements }) => `${id.padEnd(width)}  ${requirements.join(' ').padEnd(14)}  ${title}`,
  );
  return [...lines, '', `${count(rows.length, 'scenario')}. Run one: shaketable run ${rows[0]?.id ?? ''}`];
}

/** The index in `scenarios/README.md`: a table for each field report, with links relative to that file. */
function markdown(rows: readonly Row[]): string[] {
  return [...Map.groupBy(rows, ({ fieldReport }) => fieldReport)].flatMap(([fieldReport, scenarios]) => [
    `### ${fieldReport}`,
    '',
    '| scenario | what holds | requirements | naive fails | faults |',
    '| --- | --- | --- | --- | --- |',
    ...scenarios.map(markdownRow),
    '',
  ]);
}

function markdownRow({ id, title, requirements, reported, faults }: Row): string {
  const kinds = [...new Set(faults.map(({ kind }) => kind))];
  const cells = [
    `[${id.replace(/^.*\//, '')}](${id}.ts)`,
    title.replaceAll('|', '\\|'),
    requirements.join(' '),
    reported.map((check) => `\`${check}\``).join(' '),
    kinds.length === 0 ? 'none' : kinds.map((kind) => `\`${kind}\``).join(' '),
  ];
  return `| ${cells.join(' | ')} |`;
}
