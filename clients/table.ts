/** The tables as they stand in docs/clients.md. */
import { type ConnectionKind, connectionKinds } from '../harness/adapter/protocol.ts';
import { columns } from './columns.ts';
import { type Library, libraries } from './libraries.ts';
import type { Cell } from './play.ts';
import { type Found, type Results, type Settings, settings } from './results.ts';

const headings: Readonly<Record<ConnectionKind, string>> = {
  http: 'HTTP clients',
  websocket: 'WebSocket clients',
  database: 'Database clients',
};

/** A table for each kind of client, and under it why each cell that says `fails` does. */
export function tablesOf(results: Results): string {
  const kinds = connectionKinds.filter((kind) => libraries.some((library) => library.kind === kind));
  return kinds
    .flatMap((kind) => [`## ${headings[kind]}`, '', ...partOf(kind, results)])
    .join('\n')
    .trimEnd();
}

function partOf(kind: ConnectionKind, results: Results): string[] {
  const found = libraries.flatMap((library) => {
    const one = library.kind === kind ? results[library.id] : undefined;
    return one === undefined ? [] : [{ library, ...one }];
  });
  const head = ['client', 'settings', ...columns[kind].map(({ question }) => question)];
  const lines = found.flatMap((one) => settings.flatMap((setting) => lineOf(one, setting)));
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
  return [...table, '', ...found.flatMap((one) => settings.flatMap((setting) => reasonsOf(one, setting)))];
}

type FoundOf = Found & { readonly library: Library };

function lineOf(found: FoundOf, setting: Settings): string[][] {
  if ('leftOut' in found) return [];
  const cells = columns[found.library.kind].map(({ scenario }) => inWords(found.cells[setting][scenario]));
  return [[`[${found.title}](../clients/${found.library.program})`, setting, ...cells]];
}

function inWords(cell: Cell | undefined): string {
  if (cell === undefined || cell.verdict === 'unexplained') return '?';
  return cell.verdict === 'not applicable' ? '–' : cell.verdict;
}

/** Why its cells fail, each reason once; or why it was left out. */
function reasonsOf(found: FoundOf, setting: Settings): string[] {
  if ('leftOut' in found)
    return setting === 'default' ? [`**${found.title}** is left out: ${found.leftOut}`, ''] : [];
  const questions = new Map<string, string[]>();
  for (const { scenario, question } of columns[found.library.kind]) {
    const cell = found.cells[setting][scenario];
    if (cell?.verdict !== 'fails') continue;
    const why = cell.why.join('; ');
    questions.set(why, [...(questions.get(why) ?? []), question]);
  }
  if (questions.size === 0) return [];
  const lines = [...questions].map(([why, asked]) => `- ${asked.join('; ')}: ${why}`);
  return [`**${found.title}, ${setting}**, fails:`, '', ...lines, ''];
}

/** Cells of `now` that say something else than those of `before`, a sentence each. */
export function differences(before: Results, now: Results): string[] {
  return libraries.flatMap(({ id, kind }) => {
    const [was, is] = [before[id], now[id]];
    if (was === undefined || is === undefined || 'leftOut' in was || 'leftOut' in is) return [];
    return settings.flatMap((setting) =>
      columns[kind].flatMap(({ scenario, question }) => {
        const [old, cell] = [was, is].map(({ cells }) => inWords(cells[setting][scenario]));
        return old === cell ? [] : [`${is.title}, ${setting}: ${question}: ${old} before, ${cell} now`];
      }),
    );
  });
}
