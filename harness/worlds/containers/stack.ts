/**
 * What all scenarios of a run share in the engine: a network, MySQL, Toxiproxy, and a front for the services of each of the
 * two subjects.
 */
import { randomBytes } from 'node:crypto';
import { systemClock } from '../../clock.ts';
import { LabError } from '../../errors.ts';
import { readApi } from '../api-proxy.ts';
import { labTemporaryDirectory } from '../leavings/index.ts';
import type { ServiceImage } from '../service.ts';
import { startContainer } from './container.ts';
import { type Place, provideTemplate, startDatabaseContainer } from './database.ts';
import type { Engine } from './engine.ts';
import type { FrontName, ProxyFacts, StackFacts } from './facts.ts';
import { containerError, isEngineGone, reasonOf } from './failures.ts';
import { provideImage, proxyImage, toxiproxyImage } from './images.ts';
import { labelsOf, stackLabel } from './labels.ts';
import { removeLabelled } from './sweep.ts';

const apiPort = 8474;
/** A container that is ready answers within this, if it can be reached at all. */
const reachMs = 5_000;

/** How to start a stack. */
export interface StackOptions {
  readonly engine: Engine;
  /** `<pid>-<start>` of the main process. */
  readonly owner: string;
  readonly seed: number;
  /** Images of services that scenarios start. */
  readonly services: readonly ServiceImage[];
  readonly announce: (line: string) => void;
}

/** A stack that is ready. Disposal removes everything in the engine that carries its label. */
export interface StartedStack extends AsyncDisposable {
  readonly facts: StackFacts;
}

/** Starts what a run shares. @throws LabError; nothing is left in the engine then */
export async function startStack(options: StackOptions): Promise<StartedStack> {
  const { engine, announce } = options;
  await using held = new AsyncDisposableStack();
  const network = `shaketable-${randomBytes(4).toString('hex')}`;
  held.defer(() => removeStack(engine, network, announce));
  const facts = await start(options, network, held).catch((cause: unknown) => {
    throw containerError('The containers of the run did not start', [], cause);
  });
  const all = held.move();
  return { facts, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function start(
  options: StackOptions,
  network: string,
  held: AsyncDisposableStack,
): Promise<StackFacts> {
  const { engine, owner, seed, services, announce } = options;
  const images: Record<string, string> = {};
  for (const image of [proxyImage, ...services])
    images[image.name] = await provideImage(engine, image, announce);
  await engine.createNetwork(network, labelsOf(owner, network));
  const place: Place = { engine, owner, network };
  const { path: directory } = held.use(await labTemporaryDirectory('stack'));
  const startDatabase = async () => {
    const template = await provideTemplate(place);
    const started = await startDatabaseContainer({
      ...place,
      alias: `${network}-mysql`,
      template,
      directory,
    });
    return { template, database: held.use(started) };
  };
  const proxy = images[proxyImage.name] ?? '';
  const front = (name: FrontName): Promise<ProxyFacts> =>
    startProxy({
      ...place,
      alias: `${network}-front-${name}`,
      image: proxy,
      command: ['-host=0.0.0.0', `-seed=${seed}`],
    });
  const [
    {
      template,
      database: { flavour, version, host, port, rootUser, rootPassword, caFile, caPem },
    },
    toxiproxy,
    naive,
    hardened,
  ] = await Promise.all([
    startDatabase(),
    startProxy({
      ...place,
      alias: `${network}-toxiproxy`,
      image: toxiproxyImage,
      command: ['-host=0.0.0.0', '-proxy-metrics'],
    }),
    front('naive'),
    front('hardened'),
  ]);
  return {
    owner,
    network,
    toxiproxy,
    fronts: { naive, hardened },
    database: { flavour, version, host, port, rootUser, rootPassword, caFile, caPem },
    databaseAlias: `${network}-mysql`,
    template,
    images,
  };
}

/** An engine that went away keeps what it has; the next run, or `shaketable doctor`, removes it. */
async function removeStack(engine: Engine, network: string, announce: (line: string) => void): Promise<void> {
  await removeLabelled(engine, `${stackLabel}=${network}`).catch((error: unknown) => {
    if (!isEngineGone(error)) throw error;
    announce(
      `The engine is gone: what is left of ${network} in it, the next run or shaketable doctor removes`,
    );
  });
}

/** Both kinds of proxy say the same when their API listens. */
async function startProxy(
  options: Place & { alias: string; image: string; command: readonly string[] },
): Promise<ProxyFacts> {
  const { address } = await startContainer({ ...options, ready: /Starting Toxiproxy HTTP server/ });
  const apiUrl = `http://${address}:${apiPort}`;
  await untilItAnswers(apiUrl, options.alias);
  return { apiUrl, host: address, alias: options.alias };
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
