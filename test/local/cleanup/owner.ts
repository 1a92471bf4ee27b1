/** A process that stands for a lab which is killed: it runs a module's `default` in its own process and reports once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A child that has reported `facts`. Disposal kills it. */
export interface Owner<Facts> extends AsyncDisposable {
  child: ChildProcess;
  facts: Facts;
  /** Kills it as `kill -9` does, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Runs `source`, an ES module in the repository's root that calls `report(facts)` and then lives on, in a process of its own. */
export async function startOwner<Facts>(source: string, env: NodeJS.ProcessEnv = {}): Promise<Owner<Facts>> {
  const { SHAKETABLE_OWNER: _, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    ['--input-type=module-typescript', '--eval', `const report = (facts) => process.send(facts);\n${source}`],
    { env: { ...inherited, ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], cwd: process.cwd() },
  );
  const exited = once(child, 'exit');
  const [facts] = await Promise.race([
    once(child, 'message') as Promise<[Facts]>,
    exited.then(() => Promise.reject(new Error('The owner ended before it reported'))),
  ]);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { child, facts, kill, [Symbol.asyncDispose]: kill };
}
