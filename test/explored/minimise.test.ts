/** Five agents with a planted bug each, in three languages: of twelve faults, what is left is what their bug needs. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../harness/databases/programs.ts';
import { orSaySkipped } from '../local/proxy/programs.ts';
import { reportDirectory, runCommand } from '../local/run/command.ts';

const here = resolve(import.meta.dirname, '../end-to-end/minimise');
const storm = join(here, 'scenarios', 'storm.ts');

/** The file of each agent, the program that it needs, and the faults that its bug needs. */
const bugs = [
  ['dies-of-503', 'node', ['unavailable']],
  ['gives-up', 'node', ['refused', 'unauthorised']],
  ['breaker', 'node', ['limited', 'reset', 'bad-gateway']],
  ['waits-for-ever', 'python3', ['unanswered']],
  ['leaves-its-lock', 'curl', ['lost-answer']],
] as const;

interface Minimised {
  readonly faults: Readonly<Record<string, unknown>>;
  readonly minimal: boolean;
}

describe('minimise', () => {
  for (const [name, program, needed] of bugs)
    it.skipIf(!orSaySkipped(findProgram(program, process.env) !== undefined, `${program} is not installed`))(
      `leaves ${needed.join(', ')} for ${name}`,
      async () => {
        await using out = await reportDirectory();
        const subject = join(here, 'agents', `${name}.json`);
        const failing = await runCommand([
          'run',
          storm,
          '--subject',
          subject,
          '--seed',
          '1',
          '--out',
          out.path,
        ]);
        expect(failing.output).toContain(`${name} fails: works-again 0`);

        const options = ['--budget', '900', '--out', out.path, '--json'];
        const { code, output } = await runCommand(['minimise', join(out.path, 'latest'), ...options]);
        const json = output.slice(output.indexOf('{\n'), output.lastIndexOf('\n}') + 2);
        const minimum = JSON.parse(json) as Minimised;
        expect(Object.keys(minimum.faults), output).toEqual(needed);
        expect([minimum.minimal, code], output).toEqual([true, 0]);

        const file = join(out.path, 'minimised', 'storm-works-again.ts');
        expect(await readFile(file, 'utf8')).toContain(`agents/${name}.json', import.meta.url)`);
        const again = await runCommand(['run', file, '--seed', '1', '--out', out.path]);
        expect(again.output).toContain(`${name} fails: works-again 0`);
      },
    );
});
