/**
 * `shaketable up` and `down`: a persistent lab for work by hand. `up` starts it in the background and returns when it is
 * ready; a file in the lab's own directory says where it is, so that `down` finds it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { formatIdentity, identifyProcess, isAlive, parseIdentity } from '../cleanup/process-identity.ts';
import { ensureRoot, labRoots } from '../cleanup/roots.ts';
import { importModule } from '../config/import-module.ts';
import { loadProject, type Project } from '../config/project.ts';
import { LabError } from '../errors.ts';
import { moduleEnding } from '../own-files.ts';
import { type Stage, type StartedPage, startPage } from '../page/index.ts';
import { chooseWorld } from '../run/choose-world.ts';
import { type PersistentLab, startPersistentLab } from '../run/persistent-lab.ts';
import type { WantedWorld } from '../world-list.ts';
import { downOnCommand } from './down-on.ts';
import { interruptible } from './interrupt.ts';
import { serviceImages } from './service-images.ts';

interface UpFlags {
  readonly world: WantedWorld;
  readonly setUp: boolean;
  readonly foreground: boolean;
  readonly port?: number;
  readonly pagePort?: number;
  readonly project?: string;
}

/** What `up` wrote down: who runs the lab, and what to tell the user. */
interface PersistentLabState {
  readonly process: string;
  readonly facts: readonly string[];
}

export async function upCommand(flags: UpFlags): Promise<number> {
  const running = await readState();
  if (running) {
    console.log('A persistent lab is already up; `shaketable down` stops it.\n');
    for (const line of running.facts) console.log(line);
    return 0;
  }
  return flags.foreground ? stayUp(flags) : goToBackground(flags);
}

export async function downCommand(runs: readonly string[], { on }: { on?: string }): Promise<number> {
  if (on !== undefined) return await downOnCommand(runs, on);
  if (runs.length > 0) throw runsOfNobody();
  const running = await readState();
  const identity = running && parseIdentity(running.process);
  if (!identity) {
    console.log('No persistent lab is up.');
    return 0;
  }
  process.kill(identity.pid, 'SIGTERM');
  while (isAlive(identity)) await wait(20);
  await rm(stateFile(), { force: true });
  await rm(logFile(), { force: true });
  console.log('The persistent lab is down.');
  return 0;
}

function runsOfNobody(): LabError {
  return new LabError(
    'LAB_BAD_INPUT',
    'Runs are removed from a server that hands out work, and no server is named',
    {
      hint: 'Add --on URL; without it `down` stops the persistent lab of this machine.',
    },
  );
}

/** Runs the lab in this process until a signal comes. */
function stayUp(flags: UpFlags): Promise<number> {
  return interruptible(async (signal) => {
    const project = await loadProject(flags.project);
    const open = await opener(project);
    const world = await chooseWorld(flags.world);
    await using lab = await startPersistentLab({
      world,
      services: () => serviceImages(project),
      setUp: flags.setUp,
      announce: (line) => console.error(line),
      signal,
    });
    const opened = await open(lab, { port: flags.port ?? 0 });
    const { facts: told, stage } = 'facts' in opened ? opened : { facts: opened };
    await using page = await pageOf(lab, flags, stage);
    const facts = page ? [`page         ${page.url}`, ...told] : told;
    await writeState({ process: formatIdentity(ownIdentity()), facts });
    try {
      for (const line of facts) console.log(line);
      console.log('\nCtrl-C, or `shaketable down`, stops it.');
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        if (signal.aborted) reject(signal.reason);
      }).catch(() => {});
      return 0;
    } finally {
      await rm(stateFile(), { force: true });
    }
  });
}

/** The page to play faults from, where the links are made by the lab's own proxy. */
async function pageOf(
  { proxies, journal }: PersistentLab,
  { pagePort: port = 0 }: UpFlags,
  stage: Stage | undefined,
): Promise<StartedPage | undefined> {
  if (!proxies) return undefined;
  return startPage({ proxies, entries: journal, title: 'the persistent lab', port, stage });
}

/** Starts the parts of a persistent lab and gives the lines that tell of them, and what the page can start. */
type Opener = (
  lab: PersistentLab,
  options: { port: number },
) => Promise<readonly string[] | { readonly facts: readonly string[]; readonly stage?: Stage }>;

/** @throws LabError `LAB_BAD_INPUT` when the module that the config names has none */
async function opener({ persistentLab }: Project): Promise<Opener> {
  const module = await importModule(persistentLab);
  if (typeof module.default === 'function') return module.default as Opener;
  throw new LabError('LAB_BAD_INPUT', `${persistentLab} exports no function as its default`, {
    hint: 'It gets the table and starts what `shaketable up` offers.',
  });
}

/** Starts this command again, detached, and waits until it has written its state or has died. */
async function goToBackground(flags: UpFlags): Promise<number> {
  await ensureRoot(labRoots().disk);
  await rm(logFile(), { force: true });
  const output = openSync(logFile(), 'a', 0o600);
  const main = join(import.meta.dirname, `main${moduleEnding}`);
  const args = [
    main,
    'up',
    '--foreground',
    '--port',
    String(flags.port ?? 0),
    '--page-port',
    String(flags.pagePort ?? 0),
    '--world',
    flags.world,
    ...(flags.setUp ? ['--set-up'] : []),
    ...(flags.project === undefined ? [] : ['--project', flags.project]),
  ];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', output, output] });
  child.unref();
  const died = once(child, 'exit').then(() => 'died' as const);
  for (;;) {
    const state = await readState();
    if (state) {
      for (const line of state.facts) console.log(line);
      console.log(`\nIt runs in the background (log: ${logFile()}); \`shaketable down\` stops it.`);
      return 0;
    }
    if ((await Promise.race([died, wait(50)])) === 'died') {
      console.error(await readFile(logFile(), 'utf8'));
      throw new LabError('LAB_SUBJECT_START', 'The persistent lab did not start', {
        hint: 'What it said stands above. `shaketable up --foreground` shows it as it comes.',
      });
    }
  }
}

const logFile = (): string => join(labRoots().disk, 'persistent-lab.log');
const stateFile = (): string => join(labRoots().disk, 'persistent-lab.json');

async function writeState(state: PersistentLabState): Promise<void> {
  await writeFile(`${stateFile()}.part`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${stateFile()}.part`, stateFile());
}

/** The state of a persistent lab that is alive; one whose process is gone is forgotten. */
async function readState(): Promise<PersistentLabState | undefined> {
  const text = await readFile(stateFile(), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const state = JSON.parse(text) as PersistentLabState;
  const identity = parseIdentity(state.process);
  if (identity && isAlive(identity)) return state;
  await rm(stateFile(), { force: true });
  return undefined;
}

function ownIdentity(): NonNullable<ReturnType<typeof identifyProcess>> {
  const identity = identifyProcess(process.pid);
  if (identity) return identity;
  throw new LabError('LAB_INTERNAL', 'The lab cannot identify its own process');
}
