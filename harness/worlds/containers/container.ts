/**
 * One container, started through Testcontainers and described by data. It is ready when it says so in its log; what it says
 * goes to whoever wants it. Nothing is published: the lab speaks to its address in the network.
 */
import type { GenericContainer, WaitStrategy } from 'testcontainers';
import type { Engine } from './engine.ts';
import { containerError, isEngineGone } from './failures.ts';
import { labelsOf } from './labels.ts';
import { Output, readyMs } from './output.ts';

/** What to start. */
export interface ContainerOptions {
  readonly engine: Engine;
  readonly image: string;
  /** Whose it is; see `labels.ts`. */
  readonly owner: string;
  /** The network's name, which is also the stack's. */
  readonly network: string;
  /** Its name, in the engine and inside the network. */
  readonly alias: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  /** Files to put into it before it starts: content by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Volumes by name, and where they are seen. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** The line of its log that says that it is ready. */
  readonly ready: RegExp;
  readonly onLine?: (line: string) => void;
}

/** A container that is ready. Disposal removes it, after it had a moment to end. */
export interface StartedContainer extends AsyncDisposable {
  readonly id: string;
  /** Its address in the network. */
  readonly address: string;
  /** Signals its first process. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Resolves at the next line that `line` fits; rejects when it ends before, or says nothing of the kind. */
  said(line: RegExp): Promise<void>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** SIGTERM, then SIGKILL after so many seconds; resolves when all that it said was handed on. */
  stop(graceSeconds?: number): Promise<void>;
}

/** Starts a container and resolves once it is ready. @throws LabError; nothing of it is left then */
export async function startContainer(options: ContainerOptions): Promise<StartedContainer> {
  const { engine, network } = options;
  const output = new Output(options.ready, options.onLine);
  const { id } = await create(options, output).catch((cause: unknown) => {
    throw containerError(
      `The container ${options.alias} (${options.image}) did not start`,
      output.lastLines,
      cause,
    );
  });
  const address = await engine.addressOf(id, network);
  let stopping: Promise<void> | undefined;
  const stop = (graceSeconds: number): Promise<void> => {
    stopping ??= end(graceSeconds);
    return stopping;
  };
  const end = async (graceSeconds: number): Promise<void> => {
    if (graceSeconds > 0) await engine.stop(id, graceSeconds);
    else await engine.removeContainer(id);
    await output.ended;
    await engine.removeContainer(id);
  };
  return {
    id,
    address,
    signal: (signal) => engine.signal(id, signal),
    said: (line) => output.next(line),
    pause: () => engine.pause(id),
    unpause: () => engine.unpause(id),
    stop: (graceSeconds = 5) => stop(graceSeconds),
    [Symbol.asyncDispose]: () => stop(0).catch(ignoreGone),
  };
}

/** What is in an engine that went away, the next run removes; that it went away is told by whoever wants something of it. */
function ignoreGone(error: unknown): void {
  if (!isEngineGone(error)) throw error;
}

/** Docker's word for none, which the type does not know. The lab hears from a container's log that it is ready. */
const noHealthCheck = { test: ['NONE'] } as unknown as HealthCheck;
type HealthCheck = Parameters<GenericContainer['withHealthCheck']>[0];

async function create(options: ContainerOptions, output: Output): Promise<{ id: string }> {
  const { GenericContainer: Container, PullPolicy } = await import('testcontainers');
  const { image, owner, network, alias, env = {}, files = {}, volumes = {} } = options;
  const container = new Container(image)
    .withPullPolicy(PullPolicy.neverPull())
    .withLabels(labelsOf(owner, network))
    .withNetworkMode(network)
    .withName(alias)
    .withEnvironment({ ...env })
    .withHealthCheck(noHealthCheck)
    .withCopyContentToContainer(
      Object.entries(files).map(([target, content]) => ({ target, content, mode: 0o644 })),
    )
    .withBindMounts(Object.entries(volumes).map(([source, target]) => ({ source, target })))
    .withLogConsumer((stream) => output.follow(stream))
    .withWaitStrategy(untilReady(output));
  if (options.command) container.withCommand([...options.command]);
  if (options.entrypoint) container.withEntrypoint([...options.entrypoint]);
  if (options.user) container.withUser(options.user);
  const started = await container.start();
  return { id: started.getId() };
}

const untilReady = (output: Output): WaitStrategy => ({
  waitUntilReady: () => output.ready,
  withStartupTimeout: () => untilReady(output),
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => readyMs,
});
