/** Adapters for tests: the example in Node, whole or with a mistake planted in it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Conformance, tryAdapter } from '../../../harness/adapter/conformance.ts';
import { systemClock } from '../../../proxy/core/clock.ts';

const root = resolve(import.meta.dirname, '../../..');
export const example = (path: string): string => join(root, 'examples/adapters', path);

/** Tries an adapter, by the checks that are named or by all. */
export function conformanceOf(
  command: readonly [string, ...string[]],
  only: readonly string[] = [],
  greetingMs = 20_000,
): Promise<Conformance> {
  const [program, ...args] = command;
  return tryAdapter({
    command: program,
    args,
    only,
    greetingMs,
    clock: systemClock(),
    signal: new AbortController().signal,
    setUp: false,
    announce: () => {},
    onCheck: () => {},
  });
}

/** The checks that fail, as `http/cut-is-unknown`. */
export const failuresOf = ({ checks }: Conformance): string[] =>
  checks
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ kind, id }) => (kind === undefined ? id : `${kind}/${id}`));

export interface Mutant extends Disposable {
  readonly command: readonly [string, ...string[]];
}

/** The example in Node with `from` made `to`. It lies where it finds its packages. */
export function mutantOf(from: string, to: string): Mutant {
  const whole = readFileSync(example('node/adapter.mjs'), 'utf8');
  if (!whole.includes(from)) throw new Error(`The example has no “${from}”`);
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'adapter-'));
  const file = join(directory, 'adapter.mjs');
  writeFileSync(
    file,
    whole.replace(from, () => to),
  );
  return {
    command: [process.execPath, file],
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}
