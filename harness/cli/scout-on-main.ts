/**
 * A process that has schedules played for `shaketable explore --on`, and tells what was seen of them as a scout does that plays them. It
 * is no part of the process that explores, whose clock and sockets belong to the simulation.
 */
import { availableParallelism } from 'node:os';
import { systemClock } from 'shaketable-proxy/clock';
import { loadProject } from '../config/project.ts';
import { isLabError, LabError } from '../errors.ts';
import type { ScoutMessage, ScoutWork } from '../explore/scouts.ts';
import { codeIdentity, sameCode } from '../scale/code-identity.ts';
import { exploreSchedulesOn } from '../scale/coordinator/explore-schedules.ts';
import type { SchedulesUnit } from '../scale/kinds/schedules.ts';
import { openEngine } from './open-engine.ts';
import { idBelow } from './scenario-files.ts';

const work = JSON.parse(process.argv[2] ?? '{}') as ScoutWork;

// Whoever started it stops it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
const over = new AbortController();
process.once('disconnect', () => over.abort(new Error('the sweep is over')));

try {
  await handOut();
} catch (error) {
  if (!over.signal.aborted) await say({ failed: inWords(error) });
}
if (process.connected) process.disconnect();

async function handOut(): Promise<void> {
  const { on = '', file, seed, until = seed } = work;
  const project = await loadProject(work.project);
  const id = idBelow(file, project);
  if (id === undefined)
    throw new LabError('LAB_BAD_INPUT', `${file} is not in the project's folders of scenarios`, {
      hint: 'Workers know an exploration by its place there: move it, or explore it here, without --on.',
    });
  const code = on.startsWith('embedded') ? await sameCode() : await codeIdentity(project);
  await using engine = await openEngine(on, {
    code,
    project: work.project,
    setUp: false,
    slots: async () => availableParallelism(),
    note,
  });
  const doubts = await exploreSchedulesOn({
    ...{ engine, code, id, seed, until, note },
    world: work.world as SchedulesUnit['world'],
    clock: systemClock(),
    signal: over.signal,
    onSeen: (each, seen) => say({ seed: each, seen }),
  });
  if (doubts.length > 0) await say({ doubt: `Determinism alarm: ${doubts.join('; ')}` });
}

function note(line: string): void {
  console.error(line);
}

function inWords(error: unknown): { code: string; message: string; hint?: string } {
  if (!isLabError(error)) return { code: 'LAB_INTERNAL', message: String(error) };
  const { code, message, hint } = error;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

/** Waits until it is sent: a sweep that is slower is not flooded. */
function say(message: ScoutMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (process.connected) process.send?.(message, undefined, {}, () => resolve());
  else resolve();
  return promise;
}
