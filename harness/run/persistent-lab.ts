/**
 * A lab that stays up: a table at the wall clock's pace, without a scenario.
 */
import type { StartedProxy } from 'shaketable-proxy';
import { systemClock } from 'shaketable-proxy/clock';
import { openLedger } from '../cleanup/index.ts';
import type { Journal } from '../journal/journal.ts';
import type { ServiceImage } from '../worlds/service.ts';
import type { Table } from '../worlds/table.ts';
import type { ChosenWorld } from './choose-world.ts';
import { sweepOrphans } from './sweep.ts';

/** What a persistent lab is started with. */
export interface PersistentLabOptions {
  readonly world: ChosenWorld;
  /** Images of the services that it starts, for worlds that run images. */
  services(): Promise<readonly ServiceImage[]>;
  /** May install what is missing. */
  readonly setUp: boolean;
  readonly announce: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A table and the proxy that its links go through; disposal clears it. */
export interface PersistentLab extends AsyncDisposable {
  readonly table: Table;
  /** The HTTP API of the fault proxy: it speaks Toxiproxy's language. */
  readonly proxyUrl: string;
  /** That proxy as this process drives it; undefined where links go through another one. */
  readonly proxies: StartedProxy | undefined;
  readonly journal: Journal;
}

/** Sweeps what earlier runs left, starts what a world needs and starts a table. */
export async function startPersistentLab(options: PersistentLabOptions): Promise<PersistentLab> {
  const { announce } = options;
  const { module, found, why } = options.world;
  for (const line of await sweepOrphans()) announce(line);
  if (why !== undefined) announce(`world ${module.name}: ${why}`);
  await using held = new AsyncDisposableStack();
  const { owner } = held.use(await openLedger());
  const seed = Math.floor(systemClock().now());
  const environment = held.use(await found.startShared({ ...options, owner, seed }));
  const table = { scenario: 'persistent-lab', subject: 'by-hand', seed, pace: 1, faults: {} };
  const world = await module.startTable(environment.facts, table);
  held.defer(async () => void (await world.close()));
  const running = held.move();
  return {
    table: world.table,
    proxyUrl: world.proxyUrl,
    proxies: world.proxies,
    journal: world.journal,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
