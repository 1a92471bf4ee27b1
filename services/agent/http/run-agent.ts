/** Runs an agent as a process: command line, configuration, signals, exit code. */
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../clock.ts';
import { seededRandom } from '../../random.ts';
import type { Agent, AgentOptions } from './agent.ts';
import { ConfigError, configHelp, type Environment, readConfig } from './config.ts';
import { exit } from './exit-codes.ts';
import { AgentStartError } from './start-error.ts';

/** What makes one agent's program differ from another's. */
export interface Program {
  readonly name: string;
  /** One line about the agent, for `--help`. */
  readonly purpose: string;
  /** The exit codes, for `--help`. */
  readonly exits: string;
  readonly create: (options: AgentOptions) => Agent;
}

/** Runs until a signal asks it to stop; resolves with the exit code. */
export async function runAgent(program: Program, args: readonly string[], env: Environment): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpFor(program));
    return exit.ok;
  }
  if (args.length > 0) return complain(`Unknown argument ${args[0]}; --help shows what there is`, exit.usage);
  try {
    return await runUntilStopped(program, env);
  } catch (error) {
    if (error instanceof ConfigError) return complain(error.message, exit.config);
    if (error instanceof AgentStartError) return error.exitCode;
    return complain(error instanceof Error ? (error.stack ?? error.message) : String(error), exit.internal);
  }
}

async function runUntilStopped({ create }: Program, env: Environment): Promise<number> {
  const config = readConfig(env);
  const agent = create({
    config,
    clock: systemClock(),
    random: seededRandom(randomUUID()),
    log: config.log.file === undefined ? process.stdout : { file: config.log.file },
  });
  const asked = Promise.withResolvers<void>();
  const stop = (): void => {
    asked.resolve();
    void agent.stop();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  await agent.start();
  await asked.promise;
  await agent.stop();
  return exit.ok;
}

function complain(problem: string, exitCode: number): number {
  process.stderr.write(`${problem}\n`);
  return exitCode;
}

const helpFor = ({ name, purpose, exits }: Program): string => `\
Usage: node services/agent/http/${name}/main.ts

${purpose}
Configured by environment variables, with their defaults in brackets:

${configHelp}

Ends at SIGTERM or SIGINT. Exit codes:
${exits}
`;
