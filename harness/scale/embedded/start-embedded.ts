/** The engine in this process with a worker of its own on this machine: what needs nothing else. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Clock } from 'shaketable-proxy/clock';
import { labTemporaryDirectory, type ResourceLedger } from '../../cleanup/index.ts';
import type { Channel } from '../../queue/channel/messages.ts';
import { serveEngine } from '../../queue/channel/serve-engine.ts';
import type { Engine } from '../../queue/engine.ts';
import { createMemoryEngine } from '../../queue/memory/memory-engine.ts';

/** What the worker is told, as JSON in {@link settingsVariable}. */
export interface EmbeddedSettings {
  readonly code: Readonly<Record<string, string>>;
  readonly slots: number;
  readonly setUp: boolean;
  readonly project?: string;
}

export const settingsVariable = 'SHAKETABLE_EMBEDDED_WORKER';

interface EmbeddedOptions {
  /** The worker's main module. */
  readonly main: string;
  readonly settings: EmbeddedSettings;
  readonly clock: Clock;
  readonly ledger: ResourceLedger;
  readonly note: (line: string) => void;
}

/** So often a worker that died is started again. */
const mostRestarts = 10;

/** Milliseconds in which a worker gives back what it has. */
const farewellMs = 20_000;

/** Disposal ends the worker. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Engine> {
  const { main, settings, clock, ledger, note } = options;
  const directory = await labTemporaryDirectory('blobs', { ledger });
  const engine = createMemoryEngine({ clock, directory: directory.path });
  let ending = false;
  let restarts = 0;
  let worker = start();

  function start(): ChildProcess {
    const child = fork(main, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, [settingsVariable]: JSON.stringify(settings) },
    });
    ledger.process(child, { command: 'shaketable worker' });
    serveEngine(engine, channelTo(child));
    child.on('message', (message) => {
      if (typeof message === 'object' && 'note' in message) note(String(message.note));
    });
    child.once('exit', (code, by) => {
      if (ending || restarts === mostRestarts) return;
      restarts += 1;
      note(`the worker ended by ${by ?? `exit code ${code}`}: another one is started`);
      worker = start();
    });
    return child;
  }

  return {
    ...engine,
    [Symbol.asyncDispose]: async () => {
      ending = true;
      await endChild(worker, clock);
      await engine[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** A child by its IPC channel. */
export function channelTo(child: ChildProcess): Channel {
  return {
    send(message) {
      if (child.connected) child.send(message as object, () => {});
    },
    onMessage(listener) {
      child.on('message', listener);
      return () => child.off('message', listener);
    },
    onGone: (listener) => void child.once('exit', listener),
  };
}

async function endChild(child: ChildProcess, clock: Clock): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  const over = new AbortController();
  if (child.connected) child.disconnect();
  const late = await Promise.race([
    exit.then(() => false),
    clock.sleep(farewellMs, over.signal).then(
      () => true,
      () => false,
    ),
  ]);
  over.abort();
  if (!late) return;
  child.kill('SIGKILL');
  await exit;
}
