/** `shaketable bench fleet --on URL`: a fleet in slices, on the workers of an engine. */
import { availableParallelism } from 'node:os';
import { systemClock } from 'shaketable-proxy/clock';
import type { Workload } from '../bench/workload.ts';
import { loadProject } from '../config/project.ts';
import { codeIdentity } from '../scale/code-identity.ts';
import { countSlots, spreadFleet } from '../scale/fleet/spread-fleet.ts';
import { openEngine } from './open-engine.ts';

/** The workload, with the engine that it holds. */
export async function openSpread(
  on: string,
  slices?: number,
): Promise<{ readonly workload: Workload } & AsyncDisposable> {
  const code = await codeIdentity(await loadProject());
  const note = (line: string): void => console.error(line);
  const engine = await openEngine(on, {
    code,
    setUp: false,
    slots: async () => slices ?? Math.max(1, Math.floor(availableParallelism() / 2)),
    note,
  });
  try {
    const many = slices ?? (await countSlots(engine, code, systemClock()));
    return {
      workload: spreadFleet({ engine, code, slices: many, note }),
      [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
    };
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}
