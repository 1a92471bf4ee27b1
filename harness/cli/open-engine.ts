/** The engine that `--on` names. */

import { join } from 'node:path';
import { systemClock } from 'shaketable-proxy/clock';
import { openLedger } from '../cleanup/index.ts';
import { isLabError, LabError } from '../errors.ts';
import { moduleEnding } from '../own-files.ts';
import type { Engine } from '../queue/engine.ts';
import { openNatsEngine } from '../queue/nats/nats-engine.ts';
import { startEmbedded } from '../scale/embedded/start-embedded.ts';

/** What workers of this machine are started with. */
export interface OwnWorkers {
  readonly code: Readonly<Record<string, string>>;
  /** The config of the project, where one was named. */
  readonly project?: string | undefined;
  readonly setUp: boolean;
  /** How many units at a time, where `--on` does not say. */
  slots(): Promise<number>;
  readonly note: (line: string) => void;
}

/** Milliseconds for which a worker waits for its server: both may be started at once. */
const serverComesMs = 60_000;

/** Milliseconds between two tries. */
const tryEveryMs = 1_000;

/** The engine of a server that may not be there yet, as where both are started at once. @throws LabError when it does not come in time */
export async function awaitEngine(
  url: string,
  announce: (line: string) => void,
  signal: AbortSignal,
): Promise<Engine> {
  const clock = systemClock();
  const endMs = clock.now() + serverComesMs;
  let told = false;
  for (;;) {
    try {
      return await openNatsEngine(url);
    } catch (error) {
      if (!isLabError(error, 'LAB_QUEUE_GONE') || clock.now() > endMs) throw error;
      if (!told) announce(`${error.message}: waiting for it`);
      told = true;
      await clock.sleep(tryEveryMs, signal);
    }
  }
}

/** `embedded`, `embedded:N`, or the address of a server. @throws LabError as the engines do */
export async function openEngine(on: string, own: OwnWorkers): Promise<Engine> {
  const { slots } = /^embedded(?::(?<slots>\d+))?$/.exec(on)?.groups ?? {};
  if (!on.startsWith('embedded')) return await openNatsEngine(on);
  if (on !== 'embedded' && !(Number(slots) > 0))
    throw new LabError('LAB_BAD_INPUT', `--on ${on} names no number of workers`, {
      hint: 'As embedded:4; `embedded` alone takes as many as the machine has room for.',
    });
  return await startEmbedded({
    main: join(import.meta.dirname, `embedded-worker-main${moduleEnding}`),
    settings: {
      code: own.code,
      slots: slots === undefined ? await own.slots() : Number(slots),
      setUp: own.setUp,
      ...(own.project === undefined ? {} : { project: own.project }),
    },
    clock: systemClock(),
    ledger: await openLedger(),
    note: own.note,
  });
}
