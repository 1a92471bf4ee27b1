/** Where the lab keeps what is costly to make again: the directory that the XDG Base Directory Specification names. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `$XDG_CACHE_HOME/shaketable/<room>`, or below `~/.cache`. A relative XDG_CACHE_HOME is ignored, as specified. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env, room = 'database'): string {
  const base = env.XDG_CACHE_HOME;
  const home = env.HOME || homedir();
  return join(base && isAbsolute(base) ? base : join(home, '.cache'), 'shaketable', room);
}
