/**
 * A service in a container of its own image: on the lab clock, with its files inside, its log in a file of the lab's, and a
 * door to its port.
 */
import { appendFileSync } from 'node:fs';
import type { ServiceLog, ServiceProgram, StartedService } from '../service.ts';
import { startContainer } from './container.ts';
import type { Place } from './database.ts';
import { openDoor } from './door.ts';

/** Where services find their files inside. */
const files = '/shaketable';
/** Real seconds; a server that is stopped has less, by its own clock. */
const goodbyeSeconds = 10;

/** How to start a service. */
export interface ServiceContainerOptions extends Place {
  readonly alias: string;
  /** The image with its tag. */
  readonly image: string;
  readonly program: ServiceProgram;
  readonly log: ServiceLog;
  readonly pace: number;
  /** Epoch milliseconds at which lab clock and wall clock read the same. */
  readonly epochMs: number;
}

/** Starts a service. It is ready when it says that it listens. */
export async function startServiceContainer(
  options: ServiceContainerOptions,
): Promise<StartedService & AsyncDisposable> {
  const { program, log, pace, epochMs } = options;
  const { PORT, ...env } = program.env;
  const paths = Object.keys(program.files).map((variable) => [
    variable,
    `${files}/${variable.toLowerCase()}`,
  ]);
  await using held = new AsyncDisposableStack();
  const container = await startContainer({
    ...options,
    env: {
      ...env,
      ...Object.fromEntries(paths),
      CLOCK_RATE: String(pace),
      CLOCK_EPOCH: (epochMs / 1_000).toFixed(6),
    },
    command: program.args ?? [],
    files: Object.fromEntries(
      Object.entries(program.files).map(([variable, text]) => [`${files}/${variable.toLowerCase()}`, text]),
    ),
    ready: /"event":"listening"/,
    // At once: some faults are about the moment in which the server says something.
    onLine(line) {
      log.take(line);
      appendFileSync(log.file, `${line}\n`);
    },
  });
  held.use(container);
  const { port } = program.image;
  const door = held.use(await openDoor(() => ({ host: container.address, port }), Number(PORT ?? 0)));
  const all = held.move();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= container.stop(goodbyeSeconds).finally(() => all.disposeAsync()));
  return { host: door.host, port: door.port, close, [Symbol.asyncDispose]: close };
}
