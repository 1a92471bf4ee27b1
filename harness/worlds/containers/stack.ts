/**
 * What all scenarios of a run share in the engine: a network, MySQL, and a front for the services of each of the two subjects.
 */
import { randomBytes } from 'node:crypto';
import { labTemporaryDirectory } from '../../cleanup/index.ts';
import type { LabError } from '../../errors.ts';
import type { ServiceImage } from '../service.ts';
import { type Place, provideTemplate, startDatabaseContainer } from './database.ts';
import type { Engine } from './engine.ts';
import type { FrontName, ProxyFacts, StackFacts } from './facts.ts';
import { containerError, isEngineGone } from './failures.ts';
import { provideImage, proxyImage } from './images.ts';
import { labelsOf, stackLabel } from './labels.ts';
import { startProxyContainer } from './proxy.ts';
import { removeLabelled } from './sweep.ts';

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
  /** Why its database cannot be relied on any more; undefined while it can. */
  trouble(): LabError | undefined;
}

/** Starts what a run shares. @throws LabError; nothing is left in the engine then */
export async function startStack(options: StackOptions): Promise<StartedStack> {
  const { engine, announce } = options;
  await using held = new AsyncDisposableStack();
  const network = `shaketable-${randomBytes(4).toString('hex')}`;
  held.defer(() => removeStack(engine, network, announce));
  const { facts, trouble } = await start(options, network, held).catch((cause: unknown) => {
    throw containerError('The containers of the run did not start', [], cause);
  });
  const all = held.move();
  return { facts, trouble, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function start(
  options: StackOptions,
  network: string,
  held: AsyncDisposableStack,
): Promise<Pick<StartedStack, 'facts' | 'trouble'>> {
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
  const front = async (name: FrontName): Promise<ProxyFacts> => {
    const alias = `${network}-front-${name}`;
    const command = ['-host=0.0.0.0', `-seed=${seed}`];
    const { apiUrl, host } = await startProxyContainer({ ...place, alias, image: proxy, command });
    return { apiUrl, host, alias };
  };
  const [{ template, database }, naive, hardened] = await Promise.all([
    startDatabase(),
    front('naive'),
    front('hardened'),
  ]);
  const { flavour, version, host, port, rootUser, rootPassword, caFile, caPem } = database;
  const facts: StackFacts = {
    owner,
    network,
    fronts: { naive, hardened },
    database: { flavour, version, host, port, rootUser, rootPassword, caFile, caPem },
    databaseAlias: `${network}-mysql`,
    template,
    images,
  };
  return { facts, trouble: () => database.trouble() };
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
