/**
 * `shaketable list`: scenarios with their requirement ids and worlds.
 */
import { pathToFileURL } from 'node:url';
import { declaredScenarios } from '../run/scenario.ts';
import { findScenarios } from './scenario-files.ts';

export async function listCommand(wanted: string[], flags: { json: boolean }): Promise<number> {
  for (const { file } of await findScenarios(wanted)) await import(pathToFileURL(file).href);
  const rows = declaredScenarios.map(({ id, title, requirements, faults = {}, reported }) => ({
    id,
    title,
    fieldReport: id.split('/')[0],
    requirements,
    worlds: ['local'],
    faults: Object.entries(faults).map(([fault, planned]) => ({
      id: fault,
      kind: planned.fault.kind,
      link: planned.link,
    })),
    reported,
  }));
  if (flags.json) console.log(JSON.stringify(rows, null, 2));
  else for (const line of table(rows)) console.log(line);
  return 0;
}

function table(rows: readonly { id: string; title: string; requirements: readonly string[] }[]): string[] {
  const width = Math.max(...rows.map(({ id }) => id.length));
  const lines = rows.map(
    ({ id, title, requirements }) => `${id.padEnd(width)}  ${requirements.join(' ').padEnd(14)}  ${title}`,
  );
  return [...lines, '', `${rows.length} scenarios. Run one: shaketable run ${rows[0]?.id ?? ''}`];
}
