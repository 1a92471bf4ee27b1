/** The fault proxy as a process of its own, so that its memory and its share of the processor are its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A running proxy server. */
export interface ProxyProcess extends AsyncDisposable {
  /** `http://host:port` of the API. */
  readonly url: string;
  readonly pid: number;
  /** Settles when the process is gone, with its exit code or signal. */
  readonly exited: Promise<string>;
}

const library = new URL('../harness/net/proxy/index.ts', import.meta.url).href;
const random = new URL('../harness/random.ts', import.meta.url).href;

/** Starts one that draws from `seed`; `nodeFlags` go to its Node. */
export async function startProxyProcess({
  seed = 0,
  nodeFlags = [],
}: {
  readonly seed?: number;
  readonly nodeFlags?: readonly string[];
} = {}): Promise<ProxyProcess> {
  const program = `
    const { startProxyServer } = await import(${JSON.stringify(library)});
    const { seededRandom } = await import(${JSON.stringify(random)});
    const { url } = await startProxyServer({ random: seededRandom(${seed}) });
    console.log(url);
    process.once('disconnect', () => process.exit(0));`;
  const flags = [...nodeFlags, '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const exited = once(child, 'exit').then(([code, signal]) => String(signal ?? code));
  const url = await firstLine(child, exited);
  return {
    url,
    pid: Number(child.pid),
    exited,
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** @throws when the process ends without a word */
export async function firstLine({ stdout }: ChildProcess, exited: Promise<string>): Promise<string> {
  if (stdout === null) throw new Error('Expected a process with its output piped');
  const lines = createInterface(stdout);
  const ended = exited.then((how) => {
    throw new Error(`The process ended (${how}) before it said where it listens`);
  });
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  return String(line);
}
