/**
 * The server is gone for kept connections and for new ones alike, which no single toxic says: those end or fall silent, and who connects
 * is reset or hears nothing.
 */
import * as z from 'zod';
import type { EntryOf } from '../journal/entry.ts';
import type { Matcher } from '../journal/matcher.ts';
import { everyWorld, type Fault, type FaultContext, type Lift } from './fault.ts';
import { checked } from './params.ts';
import { linkToxic } from './toxic.ts';

const ways = ['refuse', 'reset', 'silence'] as const;

/** Parameters of {@link serverGone}. */
export interface ServerGoneOptions {
  /**
   * `refuse`: its process ended, and its port is closed; `reset`: a load balancer before it accepts and resets; `silence`: its host
   * died, and nobody says so.
   */
  readonly how: (typeof ways)[number];
}

/** Words by which programs in many languages tell of a refused connection, and a connection that ended with the port. */
const knocked =
  'ECONNREFUSED|[Cc]onnection ?[Rr]efused|actively refused|[Cc]ouldn.t connect|[Ff]ailed to connect|[Ee]rrno 111|os error 111|"by":"api"';

/**
 * A strike is a connection that is reset, or whose bytes go nowhere. A closed port does not know who knocked: there it is one that
 * ended with it, or whatever the program says of a refusal.
 */
export function serverGone(options: ServerGoneOptions): Fault {
  return checked('server_gone', options, { how: z.enum(ways) }, ({ how }) => ({
    kind: 'server_gone',
    place: 'link',
    params: { how },
    worlds: everyWorld,
    ...(how === 'refuse' ? { struckBy: seenFromOutside } : {}),
    install: (context) => installers[how](context),
  }));
}

const seenFromOutside: Matcher = {
  kind: { anyOf: ['agent.log', 'process.output', 'connection.close'] },
  '*': { matches: knocked },
};

const installers: Readonly<Record<ServerGoneOptions['how'], Fault['install']>> = {
  refuse: async ({ link }) => {
    await link().setEnabled(false);
    return () => link().setEnabled(true);
  },
  reset: endAll,
  silence: silenceAll,
};

async function endAll({ id, link }: FaultContext): Promise<Lift> {
  const path = link();
  await path.setEnabled(false); // What is open ends.
  const lift = await path.addToxic(id, linkToxic({ type: 'refuse_connection' }));
  await path.setEnabled(true);
  return lift;
}

/** Two toxics, of which the second strikes under the fault's own name too. */
async function silenceAll({ id, link, onEntry, strike }: FaultContext): Promise<Lift> {
  const kept = `${id}-kept`;
  const stopListening = onEntry({ kind: 'fault.strike', fault: kept }, (entry) => {
    const { connection } = entry as EntryOf<'fault.strike'>;
    strike('a kept connection fell silent', connection === undefined ? {} : { connection });
  });
  const lifts = [
    await link().addToxic(id, linkToxic({ type: 'silence_accept' })),
    await link().addToxic(kept, linkToxic({ type: 'blackhole' })),
  ];
  return async () => {
    stopListening();
    for (const lift of lifts) await lift();
  };
}
