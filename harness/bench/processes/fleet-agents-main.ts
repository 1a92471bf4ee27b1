/** The agents of `fleet`, all of them in a process of their own. */
import { systemClock } from 'shaketable-proxy/clock';
import { seededRandom } from 'shaketable-proxy/random';
import { Fleet, type FleetOptions } from '../load/fleet/fleet.ts';
import type { ReconnectName } from '../load/fleet/reconnect.ts';
import { serveKinds } from './helper.ts';
import { memoryNow } from './memory.ts';

const clock = systemClock();
let made: Fleet | undefined;

function fleet(): Fleet {
  if (!made) throw new Error('Expected a fleet to be made first');
  return made;
}

serveKinds({
  /** Makes the fleet; no agent is started yet. */
  fleet: async ({ seed, ...options }) => {
    const random = seededRandom(Number(seed)).fork('fleet');
    made = new Fleet({ ...(options as unknown as FleetOptions), clock, random });
  },
  raise: ({ to, inFlight, withinMs }) => fleet().raise(Number(to), Number(inFlight), Number(withinMs)),
  reconnectBy: async ({ policy }) => fleet().reconnectBy(policy as ReconnectName),
  resume: async ({ policy }) => fleet().resume(policy as ReconnectName),
  live: async ({ ms }) => await clock.sleep(Number(ms)),
  back: ({ withinMs }) => fleet().back(Number(withinMs)),
  settle: ({ withinMs }) => fleet().settle(Number(withinMs)),
  counts: async () => fleet().take(),
  memory: async () => memoryNow(),
});
