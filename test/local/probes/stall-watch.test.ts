/** A whole program that is stopped from outside, as a machine that stands still. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const watchPath = resolve(import.meta.dirname, '../../../harness/probes/stall-watch.ts');

it('sees that the program was stopped, on the real clock', async () => {
  const code = `
    import { spawn } from 'node:child_process';
    import { setTimeout } from 'node:timers/promises';
    const { watchStalls } = await import(${JSON.stringify(watchPath)});
    using watch = watchStalls({ onStall: (ms) => console.log('stall', ms), onHeld: (ms) => console.log('held', ms) });
    await setTimeout(50);
    spawn('sh', ['-c', 'sleep 0.1; kill -STOP $PPID; sleep 0.4; kill -CONT $PPID']);
    await setTimeout(1_000);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);

  const longest = Math.max(...[...stdout.matchAll(/stall (\S+)/g)].map(([, ms]) => Number(ms)));
  expect(longest).toBeGreaterThan(200);
});
