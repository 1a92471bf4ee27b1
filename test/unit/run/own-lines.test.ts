/** Which line of a stack is the scenario's own. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../harness/own-files.ts';
import { ownLine } from '../../../harness/run/own-lines.ts';

const stack = (...lines: string[]): string =>
  ['Error: broken', ...lines.map((line) => `    at ${line}`)].join('\n');

it.each([
  ['a function', ['helper (/home/me/mine.ts:3:27)'], 'helper (/home/me/mine.ts:3:27)'],
  ['an async function', ['async play (/home/me/mine.ts:3:27)'], 'play (/home/me/mine.ts:3:27)'],
  ['a method', ['Rig.open [as start] (/home/me/rig.mjs:9:1)'], 'Rig.open [as start] (/home/me/rig.mjs:9:1)'],
  ['a module', ['file:///home/me/mine.js:1:1'], '/home/me/mine.js:1:1'],
  [
    'the caller of the lab, a library and Node',
    [
      `until (${join(packageRoot, 'harness/worlds/table.ts')}:1:2)`,
      'Pool.request (/home/me/node_modules/undici/lib/pool.js:1:2)',
      'processTicksAndRejections (node:internal/process/task_queues:105:5)',
      'play (/home/me/mine.ts:8:3)',
    ],
    'play (/home/me/mine.ts:8:3)',
  ],
  [
    'nothing of its own',
    ['node:internal/timers:1:2', `${join(packageRoot, 'harness/run.ts')}:1:2`],
    undefined,
  ],
])('finds %s', (_name, lines, expected) => {
  expect(ownLine(stack(...lines))).toBe(expected);
});
