/**
 * The versions that a result depends on besides seed and timeline.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunResult } from '../report/run-result.ts';

const root = resolve(import.meta.dirname, '../..');

/** Reads the versions of what is installed; `database` is what the server said of itself, `engine` a proxy behind our own. */
export async function versions(database: string, engine?: string): Promise<RunResult['versions']> {
  const own = await versionOf(root);
  const [undici, ws, mysql2] = await Promise.all(
    ['undici', 'ws', 'mysql2'].map((name) => versionOf(join(root, 'node_modules', name))),
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

async function versionOf(directory: string): Promise<string> {
  const text = await readFile(join(directory, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
