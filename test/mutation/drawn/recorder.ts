/**
 * Goes into a copy of the project, as `services/recorder.ts`, and is imported there by each instrumented file: writes down which
 * mutants a process reaches, at the moment when it does. A process that is killed has written all the same.
 */
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Where StrykerJS's marks count; its instrumenter documents the name. */
declare global {
  var __stryker__: { mutantCoverage?: { static: Record<string, number>; perTest: object } } | undefined;
}

const directory = join(import.meta.dirname, '../reached');

globalThis.__stryker__ ??= {};
globalThis.__stryker__.mutantCoverage ??= { static: recordFirst(), perTest: {} };

/** Counters of which only the first count matters. */
function recordFirst(): Record<string, number> {
  mkdirSync(directory, { recursive: true });
  const file = openSync(join(directory, `${process.pid}`), 'a');
  return new Proxy<Record<string, number>>(
    {},
    {
      set(counts, id, count) {
        if (!Object.hasOwn(counts, id)) writeSync(file, `${String(id)}\n`);
        return Reflect.set(counts, id, count);
      },
    },
  );
}
