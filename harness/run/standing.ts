/**
 * The ground of a standing lab: a table at the wall clock's pace, without a scenario.
 */
import { systemClock } from '../clock.ts';
import { findDatabase, startDatabase } from '../worlds/database/index.ts';
import { openLeavings } from '../worlds/leavings/index.ts';
import { startLocalWorld } from '../worlds/local.ts';
import type { Table } from '../worlds/table.ts';
import { sweepLeavings } from './sweep.ts';

/** What a standing lab is started with. */
export interface StandingOptions {
  /** May install what is missing. */
  readonly setUp: boolean;
  readonly announce: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A laid table and the proxy that its links go through; disposal clears it. */
export interface StandingWorld extends AsyncDisposable {
  readonly table: Table;
  /** The HTTP API of the fault proxy: it speaks Toxiproxy's language. */
  readonly proxyUrl: string;
}

/** Sweeps what earlier runs left, starts a database and lays a table. */
export async function startStandingWorld({
  setUp,
  announce,
  signal,
}: StandingOptions): Promise<StandingWorld> {
  for (const line of await sweepLeavings()) announce(line);
  await using ground = new AsyncDisposableStack();
  ground.use(await openLeavings());
  const database = ground.use(
    await startDatabase({ binary: await findDatabase({ setUp, announce }), announce, signal }),
  );
  const world = await startLocalWorld({
    scenario: 'standing',
    subject: 'by-hand',
    seed: Math.floor(systemClock().now()),
    pace: 1,
    faults: {},
    database,
  });
  ground.defer(async () => void (await world.close()));
  const running = ground.move();
  return {
    table: world.table,
    proxyUrl: world.proxyUrl,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
