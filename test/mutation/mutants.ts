/**
 * The mutants that the lab has to notice, in the order of the field reports. Each one takes back a fix that a report
 * asked for, or makes a mistake that its authors made.
 */
import type { Mutant } from './mutant.ts';
import { evidenceAgents } from './plants/evidence-agents.ts';
import { evidenceChannels } from './plants/evidence-channels.ts';
import { evidenceDatabase } from './plants/evidence-database.ts';
import { fleetResets } from './plants/fleet-resets.ts';
import { inACrowd } from './plants/in-a-crowd.ts';
import { keptWord } from './plants/kept-word.ts';
import { leftBehind } from './plants/left-behind.ts';
import { neverSeenFailing } from './plants/never-seen-failing.ts';
import { noiseAndLeaks } from './plants/noise-and-leaks.ts';
import { silentSocket } from './plants/silent-socket.ts';
import { slippedThrough } from './plants/slipped-through.ts';
import { againstStandingChecks } from './plants/standing-checks.ts';
import { unnoticedOnce } from './plants/unnoticed-once.ts';
import { unreachable } from './plants/unreachable.ts';
import { unrulyPeers } from './plants/unruly-peers.ts';

/** All of them. */
export const mutants: readonly Mutant[] = [
  ...fleetResets,
  ...unreachable,
  ...noiseAndLeaks,
  ...silentSocket,
  ...unnoticedOnce,
  ...againstStandingChecks,
  ...neverSeenFailing,
  ...leftBehind,
  ...keptWord,
  ...evidenceAgents,
  ...evidenceChannels,
  ...evidenceDatabase,
  ...slippedThrough,
  ...inACrowd,
  ...unrulyPeers,
];
