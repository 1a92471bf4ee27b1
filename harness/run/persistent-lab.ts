/**
 * A lab that stays up: a table at the wall clock's pace, without a scenario.
 */
import { systemClock } from 'shaketable-proxy/clock';
import { openLedger } from '../cleanup/index.ts';
import type { ServiceImage } from '../worlds/service.ts';
import type { Table } from '../worlds/table.ts';
import type { ChosenWorld } from './choose-world.ts';
import { startSharedEnvironment } from './shared-environment.ts';
import { startTable } from './start-world.ts';
import { sweepOrphans } from './sweep.ts';

/** What a persistent lab is started with. */
export interface PersistentLabOptions {
  readonly world: ChosenWorld;
  /** Images of the services that it starts, for worlds in containers. */
  readonly services: readonly ServiceImage[];
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
}

/** Sweeps what earlier runs left, starts what a world needs and starts a table. */
export async function startPersistentLab(options: PersistentLabOptions): Promise<PersistentLab> {
  const { announce, world: chosen } = options;
  for (const line of await sweepOrphans()) announce(line);
  if (chosen.why !== undefined) announce(`world ${chosen.name}: ${chosen.why}`);
  await using held = new AsyncDisposableStack();
  const { owner } = held.use(await openLedger());
  const seed = Math.floor(systemClock().now());
  const environment = held.use(
    await startSharedEnvironment({ ...options, needsDatabase: true, chosen, owner, seed }),
  );
  const table = { scenario: 'persistent-lab', subject: 'by-hand', seed, pace: 1, faults: {} };
  const world = await startTable(environment.world, table);
  held.defer(async () => void (await world.close()));
  const running = held.move();
  return {
    table: world.table,
    proxyUrl: world.proxyUrl,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
