/** What the kills take place on: an engine with its workers, started and ended as one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../../harness/queue/engine.ts';
import { createMemoryEngine } from '../../../harness/queue/memory/memory-engine.ts';
import { openNatsEngine } from '../../../harness/queue/nats/nats-engine.ts';
import { systemClock } from '../../../proxy/core/clock.ts';
import { type NatsServer, startNatsServer } from '../../support/nats-server.ts';
import { type Crew, ownCode, startCrew, workersIn, workersOf } from './crews.ts';
import type { Namespaces } from './namespaces.ts';

export interface Stage extends AsyncDisposable {
  readonly engine: Engine;
  readonly crew: Crew;
  readonly code: Readonly<Record<string, string>>;
  readonly killServer?: () => Promise<void>;
}

/** Milliseconds that a killed server is away. */
const awayMs = 1_000;

export async function natsStage(program: string, workers: number, where?: Namespaces): Promise<Stage> {
  const code = await ownCode();
  const server = await startNatsServer(program, where?.serverFlags, where?.serverHost);
  const url = where ? server.url.replace('nats:', 'tls:') : server.url;
  const env = where?.env ?? {};
  const engine = await openNatsEngine(url, env);
  const crew = startCrew(workers, workersOf(url, env, where?.wrap));
  return {
    engine,
    crew,
    code,
    killServer: () => killBriefly(server),
    [Symbol.asyncDispose]: async () => {
      await crew[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

export async function embeddedStage(workers: number): Promise<Stage> {
  const code = await ownCode();
  const directory = await mkdtemp(join(tmpdir(), 'kills-'));
  const engine = createMemoryEngine({ clock: systemClock(), directory });
  const crew = startCrew(workers, workersIn(engine, code));
  return {
    engine,
    crew,
    code,
    [Symbol.asyncDispose]: async () => {
      await crew[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function killBriefly(server: NatsServer): Promise<void> {
  await server.kill();
  await systemClock().sleep(awayMs);
  await server.start();
}
