/**
 * Which scenarios' own pairs failed and passed on this machine as they should, kept by the code that was played. What a scenario says of a
 * program of the user's own is worth something only where its checks can fail.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../databases/cache-directory.ts';

/** What is kept: a folder for the code, in it an empty file for each scenario. */
export class PairProofs {
  readonly #folder: string;
  readonly #held: Set<string>;

  private constructor(folder: string, held: Iterable<string>) {
    this.#folder = folder;
    this.#held = new Set(held);
  }

  /** Reads what is kept for that code, and forgets what was kept for other. */
  static async open(
    code: Readonly<Record<string, string>>,
    room: string = cacheDirectory(process.env, 'pairs'),
  ): Promise<PairProofs> {
    const key = createHash('sha256').update(JSON.stringify(code)).digest('hex').slice(0, 16);
    const others = await readdir(room).catch(() => []);
    for (const name of others)
      if (name !== key) await rm(join(room, name), { recursive: true, force: true }).catch(() => undefined);
    const names = await readdir(join(room, key)).catch(() => []);
    return new PairProofs(join(room, key), names.map(decodeURIComponent));
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  /** Keeps that this pair held; on a disk that takes nothing it is played again next time. */
  async add(id: string): Promise<void> {
    this.#held.add(id);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
    await writeFile(join(this.#folder, encodeURIComponent(id)), '').catch(() => undefined);
  }
}
