/** Begins to listen with what little that takes, and loads the program then. */
import { EarlyListener } from '../api/early-listener.ts';
import { parseGoFlags } from './go-flags.ts';
import type { PageServer } from './proxy.ts';
import { apiAddress, proxyFlags } from './proxy-flags.ts';

export type { PageServer };

/**
 * Runs the fault proxy until SIGINT or SIGTERM, and gives back its exit code. `command` is how the user called it, and
 * `servePage` what `-ui` starts.
 */
export async function proxyCommand(
  args: readonly string[],
  command: string,
  servePage?: PageServer,
): Promise<number> {
  const early = await listenEarly(args);
  const { runProxy } = await import('./proxy.ts');
  return runProxy(args, command, { early, servePage });
}

/** Undefined where the flags ask for something else, or are wrong, which is said later. */
async function listenEarly(args: readonly string[]): Promise<EarlyListener | undefined> {
  try {
    const flags = parseGoFlags(proxyFlags, args);
    return flags === 'help' || flags.version ? undefined : await EarlyListener.on(apiAddress(flags));
  } catch {
    return undefined;
  }
}
