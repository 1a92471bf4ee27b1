/**
 * Vitest keeps the token of its page in the user's data directory, or beside the lab, and ends where it may write to neither.
 * The lab has no such page, and leaves nothing there.
 */
import { labTemporaryDirectory } from '../cleanup/index.ts';

/** Starts something whose data directory of the user (XDG Base Directory Specification) is a temporary one. */
export async function withTemporaryData<T>(start: () => Promise<T>): Promise<T> {
  await using data = await labTemporaryDirectory('vitest');
  const { XDG_DATA_HOME: before } = process.env;
  process.env.XDG_DATA_HOME = data.path;
  try {
    return await start();
  } finally {
    if (before === undefined) delete process.env.XDG_DATA_HOME;
    else process.env.XDG_DATA_HOME = before;
  }
}
