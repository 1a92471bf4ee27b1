/**
 * The servers that are compared: the real Toxiproxy, and ours as it is and with the compatibility switch. Each check
 * gets a fresh one. Ours is the library in the process of the tests, except where a check is about the program, or all
 * are to run on that.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../harness/free-port.ts';
import { type Compatibility, startProxy } from '../../../proxy/index.ts';
import { request } from './api.ts';
import { pause } from './peer.ts';

/** Which server. */
export type SubjectName = 'real' | 'ours' | 'compatible';

/** A running server. */
export interface Subject extends AsyncDisposable {
  /** `http://host:port` of the API. */
  readonly url: string;
}

/** A server as a program, with what it wrote. */
export interface Program extends Subject {
  readonly child: ChildProcess;
  /** Its exit code, or the signal that ended it. */
  readonly exited: Promise<string>;
  /** What it wrote so far, on both streams. */
  output(): string;
}

const startMs = 15_000;
/** The port that was free a moment ago may be somebody else's by then. */
const attempts = 3;
const shaketable = fileURLToPath(new URL('../../../harness/bin/shaketable.cjs', import.meta.url));

export class Subjects {
  readonly #real: string;
  readonly #asProgram: boolean;

  /** `real` is the path of the real server; `asProgram` says that ours is always started as one, too. */
  constructor(real: string, { asProgram = false } = {}) {
    this.#real = real;
    this.#asProgram = asProgram;
  }

  /** Starts a server without proxies. */
  async start(name: SubjectName): Promise<Subject> {
    if (name === 'real' || this.#asProgram) return this.serve(name, []);
    const compatibility: Compatibility = name === 'ours' ? 'none' : 'toxiproxy';
    return startProxy({ compatibility });
  }

  /** Starts a server as a program and waits until its API answers. */
  async serve(name: SubjectName, flags: readonly string[]): Promise<Program> {
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const program = this.run(name, ['-host', '127.0.0.1', '-port', String(port), ...flags]);
      try {
        await answering(url, program);
        return { ...program, url };
      } catch (error) {
        await program[Symbol.asyncDispose]();
        if (attempt === attempts) throw error;
      }
    }
  }

  /** Runs the program with flags alone. */
  run(name: SubjectName, flags: readonly string[]): Omit<Program, 'url'> {
    const [command, ...first] = name === 'real' ? [this.#real] : [process.execPath, shaketable, 'proxy'];
    const given = name === 'compatible' ? ['-compat', ...flags] : flags;
    const env = { ...process.env, LOG_LEVEL: 'error' };
    const child = spawn(command ?? '', [...first, ...given], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    const exited = once(child, 'exit').then(([code, signal]) => String(signal ?? code));
    return {
      child,
      exited,
      output: () => Buffer.concat(parts).toString('utf8'),
      async [Symbol.asyncDispose]() {
        child.kill('SIGKILL');
        await exited;
      },
    };
  }
}

/** Waits until the API answers. Throws when it does not in time, or the program ends. */
async function answering(url: string, program: Omit<Program, 'url'>): Promise<void> {
  const deadline = performance.now() + startMs;
  for (;;) {
    try {
      await request(url, 'GET', '/version');
      return;
    } catch (error) {
      const { code } = error as { code?: unknown };
      const waiting = code === 'ECONNREFUSED' && program.child.exitCode === null;
      if (!waiting || performance.now() > deadline)
        throw new Error(`The server does not answer: ${program.output()}`, { cause: error });
      await pause(10);
    }
  }
}
