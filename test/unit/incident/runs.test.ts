/**
 * The confusion table of runs to which nothing was fitted: agents in five languages, each in its language’s log format or as dumpcap saw it, and
 * pages and curl as browsers and mitmproxy export them, under one fault each. What is known to come back as something else stands here with the reason; the table is in docs/reproducing-an-incident.md.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diagnose } from '../../../harness/incident/diagnosis.ts';
import { readIncidents } from '../../../harness/incident/reading/read-incident.ts';
import type { Parameter } from '../../../harness/incident/signatures/signature.ts';
import { Names } from '../../../harness/names/names.ts';
import { type PlayedRun, runs } from './fixtures/runs/played.ts';

const root = join(import.meta.dirname, '../../..');
const directory = join(import.meta.dirname, 'fixtures/runs');

/** What comes back as something else, or with another figure. */
const confused: Readonly<Record<string, string>> = {
  // undici says ECONNRESET of a socket that is not connected yet, and its trace does not go through the handshake.
  'handshake-reset.node.log': 'connection-cut',
  // It logs what it got, but names neither request nor status: nothing tells that the connection was idle.
  'idle-dropped.python.log': 'connection-cut',
};

interface Row extends PlayedRun {
  readonly found: string;
  /** Figures that are off by more than a fifth; one that the data do not tell is a default, and says so. */
  readonly off: readonly string[];
  readonly untold: readonly string[];
}

async function rowOf(run: PlayedRun): Promise<Row> {
  const [incident] = await readIncidents([join(directory, run.file)], new Names());
  const [best] = incident === undefined ? [] : diagnose(incident).ranked;
  const found = best?.signature.id ?? 'no pattern';
  const figures = found === run.signature ? Object.entries(run.figures) : [];
  const parameterOf = (name: string): Parameter | undefined =>
    best?.match.parameters.find((one) => one.name === name);
  const isTold = (name: string): boolean => parameterOf(name)?.from.startsWith('a default') === false;
  const off = figures
    .filter(
      ([name, played]) => isTold(name) && Math.abs(Number(parameterOf(name)?.value) - played) > played / 5,
    )
    .map(([name, played]) => `${name} ${parameterOf(name)?.value}, not ${played}`);
  return { ...run, found, off, untold: figures.flatMap(([name]) => (isTold(name) ? [] : [name])) };
}

const rows = await Promise.all(runs.map(rowOf));
const isRight = ({ found, signature, off }: Row): boolean => found === signature && off.length === 0;

it('has 50 runs and more, of them ten captures and more, and HAR files, of five languages and three exporters', () => {
  expect(rows.length).toBeGreaterThanOrEqual(50);
  expect(rows.filter(({ file }) => file.endsWith('.pcapng')).length).toBeGreaterThanOrEqual(10);
  expect(rows.filter(({ file }) => file.endsWith('.har')).length).toBeGreaterThanOrEqual(10);
  expect(new Set(rows.map(({ language }) => language)).size).toBe(8);
});

it('brings back 26 of 30 as what was played, with figures within a fifth', () => {
  const wrong = rows
    .filter((row) => !isRight(row))
    .map(({ file, found, off }) => [file, [found, ...off].join(', ')]);
  expect(Object.fromEntries(wrong)).toEqual(confused);
  expect(rows.filter(isRight).length / rows.length).toBeGreaterThanOrEqual(26 / 30);
});

it('is the table in the docs', async () => {
  const page = await readFile(join(root, 'docs/reproducing-an-incident.md'), 'utf8');
  expect(page).toContain(tableOf(rows));
});

it('tells most figures, and says of the others that they are defaults', () => {
  const figures = rows.reduce((sum, row) => sum + Object.keys(row.figures).length, 0);
  const untold = rows.reduce((sum, row) => sum + row.untold.length, 0);
  expect(untold / figures).toBeLessThan(0.15);
});

/** By cause: how many logs, captures and HAR files come back as it, what the others come back as, and which figures are not in the data. */
function tableOf(all: readonly Row[]): string {
  const head = [
    'played',
    'logs',
    'captures',
    'HAR files',
    'comes back as something else',
    'figures that some data do not tell',
  ];
  const body = [...new Set(all.map(({ signature }) => signature))].map((signature) => {
    const own = all.filter((row) => row.signature === signature);
    const ending = (end: string): Row[] => own.filter(({ file }) => file.endsWith(end));
    const right = (some: readonly Row[]): string =>
      some.length === 0 ? '–' : `${some.filter(isRight).length} of ${some.length}`;
    const others = own.filter((row) => !isRight(row));
    const wrong = others.map(({ file, found, off }) => `\`${file}\`: \`${[found, ...off].join(', ')}\``);
    const untold = new Set(own.flatMap((row) => row.untold.map((name) => `\`${name}\``)));
    return [
      `\`${signature}\``,
      right(ending('.log')),
      right(ending('.pcapng')),
      right(ending('.har')),
      wrong.join('; ') || '–',
      [...untold].join(', ') || '–',
    ];
  });
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
