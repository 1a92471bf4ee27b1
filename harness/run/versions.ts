/**
 * The versions that a result depends on besides seed and timeline.
 */
import { findPackageJSON } from 'node:module';
import { ownVersion, versionIn } from '../own-files.ts';
import type { RunResult } from '../report/run-result.ts';

/** Reads the versions of what is installed; `database` is what the server said of itself, `engine` a proxy behind our own. */
export async function versions(database: string, engine?: string): Promise<RunResult['versions']> {
  const own = await ownVersion();
  const [undici, ws, mysql2] = await Promise.all(
    ['undici', 'ws', 'mysql2'].map((name) => versionIn(findPackageJSON(name, import.meta.url))),
  );
  const proxy = engine === undefined ? `shaketable ${own}` : `shaketable ${own}, ${engine}`;
  return {
    node: process.version,
    shaketable: own,
    undici: undici ?? '',
    ws: ws ?? '',
    mysql2: mysql2 ?? '',
    database,
    proxy,
  };
}
