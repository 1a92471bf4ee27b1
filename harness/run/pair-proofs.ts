/**
 * Which scenarios' own pairs failed and passed on this machine as they should, kept by the code of the lab and the text of the scenario. What
 * a scenario says of a program of the user's own is worth something only where its checks can fail.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../databases/cache-directory.ts';

/** What is kept: a folder for the lab's code, in it an empty file for each scenario. */
export class PairProofs {
  readonly #folder: string;
  readonly #held: Set<string>;

  private constructor(folder: string, held: readonly string[]) {
    this.#folder = folder;
    this.#held = new Set(held);
  }

  /** Reads what is kept for that code. */
  static async open(
    code: Readonly<Record<string, string>>,
    room: string = cacheDirectory(process.env, 'pairs'),
  ): Promise<PairProofs> {
    const folder = join(room, hashOf(JSON.stringify(code)));
    return new PairProofs(folder, await readdir(folder).catch(() => []));
  }

  /** Whether the pair of the scenario in that file held. */
  async has(file: string): Promise<boolean> {
    return this.#held.has(hashOf(await readFile(file)));
  }

  /** Keeps that it did; on a disk that takes nothing it is played again next time. */
  async add(file: string): Promise<void> {
    const name = hashOf(await readFile(file));
    this.#held.add(name);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
    await writeFile(join(this.#folder, name), '').catch(() => undefined);
  }
}

const hashOf = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);
