/** Programs that listen on a port they are told, and do not say when they are ready: connecting tells. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { systemClock } from 'shaketable-proxy/clock';

const readyMs = 15_000;
const pollMs = 20;

/** A running program. */
export interface ListeningProcess extends AsyncDisposable {
  readonly pid: number;
  /** Settles when the process is gone, with its exit code or signal. */
  readonly exited: Promise<string>;
}

/** Starts `program` and waits until it listens on `port` of loopback. SIGTERM ends it. @throws when it never does */
export async function startListeningProcess(
  program: string,
  args: readonly string[],
  { port, env = {} }: { readonly port: number; readonly env?: Readonly<Record<string, string>> },
): Promise<ListeningProcess> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code, signal]) => String(signal ?? code));
  await untilListening(child, port);
  return {
    pid: Number(child.pid),
    exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  const clock = systemClock();
  const deadline = clock.now() + readyMs;
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
    if (clock.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${child.spawnfile} does not listen on port ${port}`);
    }
    await clock.sleep(pollMs);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket
      .once('error', () => resolve(false))
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      });
  });
}
