/** `shaketable proxy` as a user starts it: the program, its log, its API, its end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../../../..');

/** The ways to start it, by the name that its usage has. */
const programs = {
  'shaketable proxy': [resolve(root, 'harness/bin/shaketable.cjs'), 'proxy'],
  'shaketable-proxy': [resolve(root, 'proxy/bin/shaketable-proxy.cjs')],
} as const;

/** How the program is called. */
export type ProgramName = keyof typeof programs;

/** A line of the log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly time: string;
  readonly [field: string]: unknown;
}

/** How the program ended. */
export interface Ending {
  /** The exit code, or the signal. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program, running. */
export class ProxyCommand implements AsyncDisposable {
  readonly lines: LogLine[] = [];
  readonly ended: Promise<Ending>;
  readonly #child;
  #more = Promise.withResolvers<void>();

  /** Arguments after `proxy`; the port of the API is a free one unless they say otherwise. */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    name: ProgramName = 'shaketable proxy',
  ) {
    const { LOG_LEVEL: _, ...inherited } = process.env;
    this.#child = spawn(process.execPath, [...programs[name], ...args], {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const read: string[] = [];
    const errors: Buffer[] = [];
    this.#child.stderr.on('data', (bytes: Buffer) => errors.push(bytes));
    createInterface(this.#child.stdout).on('line', (line) => {
      read.push(line);
      if (line.startsWith('{')) this.lines.push(JSON.parse(line) as LogLine);
      this.#wake();
    });
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      this.#wake();
      return { code: signal ?? code, stdout: read.join('\n'), stderr: Buffer.concat(errors).toString() };
    });
  }

  /** Starts it on a free port and waits until its API answers. */
  static async start(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<ProxyCommand> {
    const command = new ProxyCommand(['-port', '0', ...args], env);
    await command.line('Starting Toxiproxy HTTP server');
    return command;
  }

  get pid(): number {
    return Number(this.#child.pid);
  }

  /** `http://host:port` of the API, as the log says. */
  get url(): string {
    return `http://${this.#logged('Starting Toxiproxy HTTP server')?.address}`;
  }

  /** Waits for the first line with this message. */
  async line(message: string): Promise<LogLine> {
    for (;;) {
      const line = this.#logged(message);
      if (line) return line;
      const more = this.#more.promise.then(() => true);
      if (await Promise.race([more, this.ended.then(() => false)])) continue;
      throw new Error(`It ended without "${message}": ${JSON.stringify(await this.ended)}`);
    }
  }

  /** A request to the API with a JSON body. */
  async api(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${this.url}${path}`, { method, ...init });
    return { status: answer.status, text: await answer.text() };
  }

  /** Asks it to end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    this.#child.kill(signal);
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
  }

  #logged(message: string): LogLine | undefined {
    return this.lines.find((line) => line.message === message);
  }

  #wake(): void {
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }
}

/** A configuration file. */
export async function configFile(content: string): Promise<AsyncDisposable & { readonly path: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-proxy-'));
  const path = join(directory, 'toxiproxy.json');
  await writeFile(path, content);
  return { path, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
}
