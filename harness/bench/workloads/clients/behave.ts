/** What a library does by itself when something goes wrong: asked once each, and told of no time-out and no retries. */
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import type { Outcome } from '../../load/clients/ask.ts';
import type { LibraryName } from '../../load/clients/index.ts';
import type { AskedOver, ClientsRig } from './rig.ts';

/** What a caller was told, by what was done to it. */
export interface Behaviour {
  /** Requests on a connection that was forgotten while idle, of which the next write gets a reset. */
  readonly idle: Readonly<Record<Method, readonly Outcome[]>>;
  /** How many connections were forgotten; 0 for who keeps none. */
  readonly forgotten: number;
  /** A request on a connection that fell silent. */
  readonly silent: Outcome;
  /** A request to where connections are accepted and nothing more happens. */
  readonly nobody: Outcome;
  /** Requests that were answered 503 with Retry-After at first. */
  readonly busy: Readonly<Record<Method, Outcome>>;
  /** Requests that were applied, and reset without an answer. */
  readonly lost: Readonly<Record<Method, readonly Outcome[]>>;
}

export type Method = 'GET' | 'POST';

/** After an answer, who keeps no connection has ended it. */
const idleMs = 100;

/** How much is asked. */
export interface BehavePlan {
  /** Requests of each kind and method. */
  readonly times: number;
  /** How long a silent peer is watched for an error. */
  readonly silentMs: number;
  /** How long any other outcome is waited for. */
  readonly otherMs: number;
}

/** Operations are called `library/what/method/number`. */
export async function behave(
  rig: ClientsRig,
  library: LibraryName,
  plan: BehavePlan,
  clock: Clock = systemClock(),
): Promise<Behaviour> {
  const { times, silentMs, otherMs } = plan;
  await using asking = await rig.startAsking(library);
  let forgotten = 0;
  const question = (link: AskedOver['link'], path: AskedOver['path'], method: Method, name: string) => ({
    link,
    path,
    method,
    operation: `${library}/${name}`,
    withinMs: otherMs,
  });
  const [idleGet, idlePost] = [await idle('GET'), await idle('POST')];
  await asking.ask([question('silent', '/report', 'GET', 'prime/silent')]);
  asking.silence('silent');
  const numbers = Array.from({ length: times }, (_, number) => number);
  const lostOf = (method: Method) =>
    numbers.map((number) => question('clean', '/lose', method, `lost/${method}/${number}`));
  const [silent, nobody, busyGet, busyPost, ...lost] = await asking.ask([
    { ...question('silent', '/report', 'GET', 'silent/GET/0'), withinMs: silentMs },
    { ...question('nobody', '/report', 'GET', 'nobody/GET/0'), withinMs: silentMs },
    question('clean', '/busy', 'GET', 'busy/GET/0'),
    question('clean', '/busy', 'POST', 'busy/POST/0'),
    ...lostOf('GET'),
    ...lostOf('POST'),
  ]);
  if (!silent || !nobody || !busyGet || !busyPost)
    throw new RangeError('Expected an outcome for each question');
  return {
    idle: { GET: idleGet, POST: idlePost },
    forgotten,
    silent,
    nobody,
    busy: { GET: busyGet, POST: busyPost },
    lost: { GET: lost.slice(0, times), POST: lost.slice(times) },
  };

  async function idle(method: Method): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (let number = 0; number < times; number += 1) {
      await asking.ask([question('idle', '/report', 'GET', `prime/idle/${method}/${number}`)]);
      await clock.sleep(idleMs);
      forgotten += await asking.forget('idle');
      outcomes.push(...(await asking.ask([question('idle', '/report', method, `idle/${method}/${number}`)])));
    }
    return outcomes;
  }
}
