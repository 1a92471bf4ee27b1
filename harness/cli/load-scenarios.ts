/** What scenario files declare, without playing them. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { systemClock } from 'shaketable-proxy/clock';
import { LabError } from '../errors.ts';
import { moduleEnding } from '../own-files.ts';
import { bounded, late, loadBoundMs } from '../run/bound.ts';
import { lookEveryMs, standStillBoundMs } from '../run/stand-still.ts';
import type { Declaration, Loaded } from './declarations-main.ts';
import type { ScenarioFile } from './scenario-files.ts';

/** A project whose package.json names no type loads a few milliseconds later: no news for who runs a scenario. */
const execArgv = [...process.execArgv, '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];

/** A file is loaded once. */
const known = new Map<string, Loaded>();

/** The declarations of these files, in their order. @throws LabError `LAB_BAD_INPUT` for one that cannot be loaded */
export async function loadScenarios(files: readonly ScenarioFile[]): Promise<readonly Declaration[]> {
  await loadAll(files);
  return files.flatMap(({ file }) => declarationsIn(file));
}

/**
 * Each file has one scenario and each scenario an id of its own: the second one's journals would be written over the first one's.
 * What cannot be loaded is left to its run.
 * @throws LabError `LAB_BAD_INPUT` that names both places
 */
export async function refuseDoubles(files: readonly ScenarioFile[]): Promise<void> {
  await loadAll(files);
  const places = new Map<string, string>();
  for (const { file } of files) {
    const loaded = known.get(file);
    const [scenario, second] = loaded && 'declarations' in loaded ? loaded.declarations : [];
    if (scenario === undefined) continue;
    if (second !== undefined) throw twoInOne(file, [scenario.id, second.id]);
    const other = places.get(scenario.id);
    if (other !== undefined) throw twoOfOne(scenario.id, [other, file]);
    places.set(scenario.id, file);
  }
}

function declarationsIn(file: string): readonly Declaration[] {
  const loaded = known.get(file);
  if (loaded && 'declarations' in loaded) return loaded.declarations;
  throw new LabError('LAB_BAD_INPUT', loaded?.why ?? `${file} was not loaded`);
}

/** Loads what is not known yet, in a thread, and in a new one after a file that never came to its end. */
async function loadAll(files: readonly ScenarioFile[]): Promise<void> {
  const missing = new Set(files.map(({ file }) => file).filter((file) => !known.has(file)));
  while (missing.size > 0) {
    const thread = new Worker(join(import.meta.dirname, `declarations-main${moduleEnding}`), { execArgv });
    for (const file of missing) {
      missing.delete(file);
      const loaded = await load(thread, file);
      known.set(file, loaded ?? { why: `${file} cannot be loaded: it did not come to its end` });
      if (!loaded) break;
    }
    await thread.terminate();
  }
}

/** Undefined where it takes too long, or ends the thread. */
async function load(thread: Worker, file: string): Promise<Loaded | undefined> {
  const over = new AbortController();
  const answered = once(thread, 'message', over).then(([loaded]) => loaded as Loaded);
  const ended = once(thread, 'exit', over).then(() => undefined);
  thread.postMessage(file);
  try {
    const spun = untilSpun(over.signal);
    const loaded = await bounded(Promise.race([answered, ended, spun]), loadBoundMs, systemClock());
    return loaded === late ? undefined : loaded;
  } catch (error) {
    return { why: `${file} cannot be loaded: ${(error as Error).message}` };
  } finally {
    over.abort();
    for (const unheard of [answered, ended]) unheard.catch(() => undefined);
  }
}

/** Resolves once this process, in which nothing else has to be done meanwhile, got too much of the processor. */
async function untilSpun(signal: AbortSignal): Promise<undefined> {
  const before = process.cpuUsage();
  const spentMs = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  while (!signal.aborted && spentMs() < standStillBoundMs.spins)
    await systemClock()
      .sleep(lookEveryMs, signal)
      .catch(() => undefined);
}

const twoInOne = (file: string, ids: readonly string[]): LabError =>
  new LabError('LAB_BAD_INPUT', `${file} declares ${ids.join(' and ')}, and a file has one scenario`, {
    hint: 'Put each scenario into a file of its own.',
  });

const twoOfOne = (id: string, files: readonly string[]): LabError =>
  new LabError('LAB_BAD_INPUT', `${files.join(' and ')} both declare ${id}`, {
    hint: 'Give one of them another id.',
  });
