/**
 * Makes what fails as small as it gets: fewer parts (delta debugging, Zeller and Hildebrandt 2002), then simpler ones, then each part
 * left out by itself, which delta debugging may have missed. What is left is a minimum: without any one of its parts it does not fail.
 */

/** What is made small: parts of a whole, such as the faults of a schedule. Two that say the same as JSON are the same. */
export interface Shrinking<Part> {
  /** Whether these parts still fail in the way that is being looked for. */
  fails(parts: readonly Part[]): Promise<boolean>;
  /** Parts that are simpler than this one, the simplest first; each strictly so, or it would never end. */
  simpler(part: Part): Iterable<Part>;
  /** Whether nothing more may be tried after so many executions. */
  isSpent(executions: number): boolean;
}

/** What shrinking came to. */
export interface Shrunk<Part> {
  readonly parts: readonly Part[];
  /** How many sets of parts were tried for it. */
  readonly executions: number;
  /** Whether leaving out any one part makes it pass; false when there was no budget left to find out. */
  readonly minimal: boolean;
}

/** Shrinks `given`, which fails. */
export async function shrink<Part>(
  given: readonly Part[],
  shrinking: Shrinking<Part>,
): Promise<Shrunk<Part>> {
  const attempts = new Attempts(shrinking);
  let parts = given;
  for (let before = ''; before !== keyOf(parts) && !attempts.spent; ) {
    before = keyOf(parts);
    parts = await fewer(parts, attempts);
    parts = await simpler(parts, shrinking, attempts);
    parts = await withoutEach(parts, attempts);
  }
  return { parts, executions: attempts.executions, minimal: !attempts.spent };
}

/** What was tried is not tried again. */
class Attempts<Part> {
  readonly #shrinking: Shrinking<Part>;
  readonly #known = new Map<string, boolean>();
  executions = 0;

  constructor(shrinking: Shrinking<Part>) {
    this.#shrinking = shrinking;
  }

  get spent(): boolean {
    return this.#shrinking.isSpent(this.executions);
  }

  /** Without budget nothing fails any more. */
  async fail(parts: readonly Part[]): Promise<boolean> {
    const key = keyOf(parts);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.spent) return false;
    this.executions += 1;
    const failed = await this.#shrinking.fails(parts);
    this.#known.set(key, failed);
    return failed;
  }
}

const keyOf = (parts: readonly unknown[]): string => JSON.stringify(parts);

/** Delta debugging: chunks alone, then without chunks, then smaller chunks. */
async function fewer<Part>(given: readonly Part[], attempts: Attempts<Part>): Promise<readonly Part[]> {
  let parts = given;
  let chunks = 2;
  while (parts.length >= 2) {
    const found = await smallerOf(parts, chunks, attempts);
    if (found !== undefined) {
      chunks = Math.max(2, found.chunks);
      parts = found.parts;
    } else if (chunks >= parts.length) break;
    else chunks = Math.min(parts.length, chunks * 2);
  }
  return parts.length === 1 && (await attempts.fail([])) ? [] : parts;
}

async function smallerOf<Part>(
  parts: readonly Part[],
  count: number,
  attempts: Attempts<Part>,
): Promise<{ parts: readonly Part[]; chunks: number } | undefined> {
  const chunks = chunksOf(parts, count);
  for (const chunk of chunks) if (await attempts.fail(chunk)) return { parts: chunk, chunks: 2 };
  if (count === 2) return undefined;
  for (const chunk of chunks) {
    const rest = parts.filter((part) => !chunk.includes(part));
    if (await attempts.fail(rest)) return { parts: rest, chunks: count - 1 };
  }
  return undefined;
}

function chunksOf<T>(all: readonly T[], count: number): T[][] {
  const size = all.length / count;
  const cut = (index: number): number => Math.round(index * size);
  return Array.from({ length: count }, (_, index) => all.slice(cut(index), cut(index + 1))).filter(
    (chunk) => chunk.length > 0,
  );
}

/** Each part as simple as it still fails with. */
async function simpler<Part>(
  given: readonly Part[],
  shrinking: Shrinking<Part>,
  attempts: Attempts<Part>,
): Promise<readonly Part[]> {
  let parts = given;
  for (let index = 0; index < parts.length; index += 1) {
    for (let again = true; again; ) {
      again = false;
      for (const candidate of shrinking.simpler(parts[index] as Part)) {
        const changed = parts.with(index, candidate);
        if (!(await attempts.fail(changed))) continue;
        parts = changed;
        again = true;
        break;
      }
    }
  }
  return parts;
}

/** One by one, however few there are. */
async function withoutEach<Part>(given: readonly Part[], attempts: Attempts<Part>): Promise<readonly Part[]> {
  let parts = given;
  for (let index = 0; index < parts.length; ) {
    const rest = parts.toSpliced(index, 1);
    if (await attempts.fail(rest)) parts = rest;
    else index += 1;
  }
  return parts;
}
