/** `npm run clients`: puts client libraries on the table, as they come and as their documentation says, and writes docs/clients.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptArguments } from '../build/script-arguments.ts';
import { columns } from './columns.ts';
import { type Library, libraries, titleOf } from './libraries.ts';
import { type Cell, playSubject } from './play.ts';
import { type Found, type Results, readResults, type Settings, settings, writeResults } from './results.ts';
import { type Prepared, prepareRuntime } from './runtimes.ts';
import { differences, tablesOf } from './table.ts';

const page = join(import.meta.dirname, '../docs/clients.md');
/** What of the page is generated. */
const generated = /(?<=<!-- tables -->\n).*(?=\n<!-- \/tables -->)/s;

const help = `npm run clients [-- [CLIENT…] [options]]

Plays client libraries as they come and as their documentation says, and writes docs/clients.md. All of them take some
twelve minutes on two cores.

  --seed N      seed of every random choice (1)
  --on ENGINE   workers play them, as with shaketable run --on
  --prepare     get the runtimes ready, and print the folders of programs that a worker has to look in
  --help        print this

Clients: ${libraries.map(({ id }) => id).join(', ')}; all of them unless some are named.
Exit codes: 0 each does what its subject file says · 1 one does something else, or could not be played · 64 wrong usage ·
130 stopped`;

const { values, positionals, number, refuse } = scriptArguments(help, {
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    on: { type: 'string' },
    prepare: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => libraries.every(({ id }) => id !== name));
if (unknown.length > 0) refuse(`There is no client ${unknown.join(', ')}`);
const seed = number('seed', 0);
const wanted = libraries.filter(({ id }) => positionals.length === 0 || positionals.includes(id));
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

const before = await readResults();
let results: Results = before;
let written: Promise<void> = Promise.resolve();

const prepared = new Map<Library, Prepared>();
for (const library of wanted) {
  const runtime = await prepareRuntime(library.runtime);
  if ('path' in runtime) prepared.set(library, runtime);
  else if (values.prepare) console.error(`${library.title}: ${runtime.missing}`);
  else await keep(library, { title: library.title, leftOut: runtime.missing });
}
if (values.prepare) {
  console.log([...new Set([...prepared.values()].flatMap(({ path }) => path))].join(':'));
  process.exit(prepared.size === wanted.length ? 0 : 1);
}
// Those that only wait are played beside those that work.
const lanes = Map.groupBy(prepared, ([, { isRealPace = false }]) => isRealPace);
await Promise.all([...lanes.values()].map(playInTurn)).catch((error: unknown) => {
  if (!controller.signal.aborted) throw error;
  process.exitCode = 130;
});

const changed = differences(before, results);
console.log(changed.length === 0 ? 'No cell says something else than before.' : changed.join('\n'));

async function playInTurn(lane: readonly (readonly [Library, Prepared])[]): Promise<void> {
  for (const [library, runtime] of lane) {
    const title = await titleOf(library, runtime.version);
    const cells: Record<Settings, Readonly<Record<string, Cell>>> = { default: {}, documented: {} };
    try {
      for (const setting of settings) cells[setting] = await play(library, title, setting, runtime);
    } catch (error) {
      if (controller.signal.aborted) throw error;
      // The others are no worse for it; the page keeps what it said of this one.
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
      continue;
    }
    await keep(library, { title, cells });
  }
}

async function play(library: Library, title: string, setting: Settings, runtime: Prepared) {
  const scenarios = columns[library.kind].map(({ scenario }) => scenario);
  const { path, isRealPace } = runtime;
  const found = await playSubject(join(import.meta.dirname, `subjects/${library.id}-${setting}.json`), {
    scenarios,
    path,
    seed,
    ...(values.on === undefined ? {} : { on: values.on }),
    ...(isRealPace ? { atOnce: scenarios.length } : {}),
    signal: controller.signal,
    say: (line) => console.log(line),
  });
  const cells: Record<string, Cell> = {};
  for (const scenario of scenarios)
    cells[scenario] = found[scenario] ?? { verdict: 'unexplained', why: ['it was not played'] };
  const verdicts = Object.values(cells).map(({ verdict }) => verdict);
  console.log(`${title}, ${setting}: ${verdicts.join(', ')}`);
  if (verdicts.includes('unexplained')) process.exitCode = 1;
  return cells;
}

/** Keeps what was found of a library, on the page too: what a run has found is not lost with it. */
function keep(library: Library, found: Found): Promise<void> {
  if ('leftOut' in found) console.log(`left out: ${found.title}: ${found.leftOut}`);
  results = { ...results, [library.id]: found };
  // One after the other: both lanes write the same files.
  written = written.then(async () => {
    await writeResults(results);
    const text = await readFile(page, 'utf8');
    await writeFile(
      page,
      text.replace(generated, () => `\n${tablesOf(results)}\n`),
    );
  });
  return written;
}
