/** A proxy server in a container, Toxiproxy or our own: both speak the same API and say the same when they begin. */
import { systemClock } from 'shaketable-proxy/clock';
import { LabError } from '../../errors.ts';
import { readApi } from '../api-proxy.ts';
import { startContainer } from './container.ts';
import type { Place } from './database.ts';
import type { ProxyFacts } from './facts.ts';
import { reasonOf } from './failures.ts';
import { toxiproxyImage } from './images.ts';

const apiPort = 8474;
/** A container that is ready answers within this, if it can be reached at all. */
const reachMs = 5_000;

/** A proxy server that answers. Disposal removes its container. */
export type StartedProxyContainer = ProxyFacts & AsyncDisposable;

/** Starts the real Toxiproxy, with its metrics. */
export function startToxiproxy(place: Place, alias: string): Promise<StartedProxyContainer> {
  return startProxyContainer({
    ...place,
    alias,
    image: toxiproxyImage,
    command: ['-host=0.0.0.0', '-proxy-metrics'],
  });
}

/** Starts a proxy server and resolves when it answers. @throws LabError `LAB_WORLD_MISSING` when it cannot be reached */
export async function startProxyContainer(
  options: Place & { alias: string; image: string; command: readonly string[] },
): Promise<StartedProxyContainer> {
  const container = await startContainer({ ...options, ready: /Starting Toxiproxy HTTP server/ });
  const { address } = container;
  const apiUrl = `http://${address}:${apiPort}`;
  await untilItAnswers(apiUrl, options.alias);
  return {
    apiUrl,
    host: address,
    alias: options.alias,
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}

/** Toxiproxy says that it starts to listen a moment before it does. */
async function untilItAnswers(apiUrl: string, alias: string): Promise<void> {
  const clock = systemClock();
  const deadline = clock.now() + reachMs;
  for (;;) {
    try {
      await readApi(apiUrl, '/version', Math.max(1, Math.ceil(deadline - clock.now())));
      return;
    } catch (cause) {
      if (clock.now() >= deadline) throw outOfReach(`${alias} at ${apiUrl}: ${reasonOf(cause)}`, cause);
      await clock.sleep(20);
    }
  }
}

/** Containers are spoken to at their own addresses, because a published port does not hand a reset on. */
function outOfReach(which: string, cause: unknown): LabError {
  return new LabError(
    'LAB_WORLD_MISSING',
    `A container cannot be reached from here at its address (${which})`,
    {
      hint: 'The engine runs in a virtual machine, on another machine, or rootless. Use --world local.',
      cause,
    },
  );
}
