/**
 * Runs the reference server by hand: `node services/server/main.ts`. Configured by environment variables, it waits
 * for its database, and stops on SIGINT and SIGTERM. Exit codes: 0 stopped, 1 could not run, 64 wrong usage.
 */
import { parseArgs } from 'node:util';
import { scaledClock, systemClock } from '../clock.ts';
import { configHelp, readConfig, type ServerConfig } from './config.ts';
import { waitForDatabase } from './database-wait.ts';
import { ConfigError } from './environment.ts';
import { startServer } from './index.ts';
import { migrate } from './migrate.ts';

const help = `Usage: node services/server/main.ts [--no-migrate] [--help]

Runs the reference server until SIGINT or SIGTERM. Tables that are missing in the database are made first,
unless --no-migrate is given.

Environment (default):
${configHelp.replaceAll(/^/gm, '  ')}`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args,
      allowNegative: true,
      options: { help: { type: 'boolean', short: 'h' }, migrate: { type: 'boolean', default: true } },
    });
    if (values.help) {
      console.log(help);
      return 0;
    }
    await run(readConfig(process.env), values.migrate);
    return 0;
  } catch (error) {
    console.error(explain(error));
    return isUsageError(error) ? 64 : 1;
  }
}

async function run(config: ServerConfig, migrates: boolean): Promise<void> {
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const wallClock = systemClock();
  try {
    await waitForDatabase(config.database, {
      clock: wallClock,
      timeoutMs: 60_000,
      signal: stop.signal,
      onWaiting: (reason) => console.error(`waiting for ${reason}`),
    });
  } catch (error) {
    if (stop.signal.aborted) return;
    throw error;
  }
  // A start takes the time that it takes, however fast the server's clock runs.
  if (migrates) await migrate(config.database, wallClock);
  const clock = scaledClock(wallClock, config.clock.rate, config.clock.epochMs);
  await using _server = await startServer({ config, clock, migrate: false });
  await stopped;
}

/** What went wrong, and for wrong usage where to read more; without a stack, and without anything secret. */
function explain(error: unknown): string {
  const { message, code } = error as { message: string; code?: string };
  if (code === 'EADDRINUSE') return `${message}\nVerify that no other program uses HOST and PORT.`;
  return isUsageError(error) ? `${message}\nSee --help.` : message;
}

function isUsageError(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  return error instanceof ConfigError || code.startsWith('ERR_PARSE_ARGS');
}
