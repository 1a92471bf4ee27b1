/** A worker in this process, with children that play this project's scenarios. */
import { randomBytes } from 'node:crypto';
import { hostname, totalmem } from 'node:os';
import { join } from 'node:path';
import { systemClock } from 'shaketable-proxy/clock';
import { openLedger } from '../cleanup/index.ts';
import { moduleEnding } from '../own-files.ts';
import type { Engine } from '../queue/engine.ts';
import { work } from '../scale/worker/worker.ts';

export interface WorkHereOptions {
  readonly engine: Engine;
  readonly code: Readonly<Record<string, string>>;
  readonly slots: number;
  /** The config of the project, where one was named. */
  readonly project?: string;
  readonly setUp: boolean;
  readonly name?: string;
  readonly run?: string;
  readonly memoryMb?: number;
  readonly unitMs?: number;
  readonly idleMs?: number;
  readonly announce: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A scenario is bounded by the lab within some minutes; this is for what those bounds miss. */
const defaultUnitMs = 15 * 60_000;

/** A child that plays scenarios hands them to processes of their own: its thread is free all the time. */
const silentMs = 30_000;

/** What children are told by the environment. */
export const projectVariable = 'SHAKETABLE_WORKER_PROJECT';
export const setUpVariable = 'SHAKETABLE_WORKER_SET_UP';

/** Works until `signal`, then gives back what it has. */
export async function workHere(options: WorkHereOptions): Promise<void> {
  const { engine, code, slots, project, setUp, run, announce, signal } = options;
  if (project !== undefined) process.env[projectVariable] = project;
  if (setUp) process.env[setUpVariable] = '1';
  await using ledger = await openLedger();
  await work({
    engine,
    name: options.name ?? `${hostname()}-${randomBytes(3).toString('hex')}`,
    slots,
    code,
    childMain: join(import.meta.dirname, `worker-slot-main${moduleEnding}`),
    limits: {
      memoryMb: options.memoryMb ?? Math.max(512, Math.floor(totalmem() / 2 ** 20 / slots / 2)),
      unitMs: options.unitMs ?? defaultUnitMs,
      silentMs,
    },
    clock: systemClock(),
    ledger,
    ...(run === undefined ? {} : { run }),
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
    announce,
    signal,
  });
}
