/** Writes what was found: the schedule as JSON, to be played again, and as a scenario, which plays in every world. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathFrom } from '../scenario-text/paths.ts';
import { headText } from '../scenario-text/scenario-text.ts';
import { quoted, type Writable, written } from '../scenario-text/source-text.ts';
import type { StoredSchedule } from './schedule.ts';
import type { Finding } from './sweep.ts';

/** Where it was written. */
export interface WrittenFinding {
  readonly schedule: string;
  /** Undefined where what was explored is a scenario, which a file has once. */
  readonly scenario: string | undefined;
}

/** `file` is what was explored; `isExploration` says whether it exports an exploration. */
export async function writeFinding(
  finding: Finding,
  { file, id, directory, isScenario }: { file: string; id: string; directory: string; isScenario: boolean },
): Promise<WrittenFinding> {
  await mkdir(directory, { recursive: true });
  const name = `${finding.check.replaceAll(/[^\w-]+/g, '-')}-${finding.seed}`;
  const explored = pathFrom(directory, file);
  const stored: StoredSchedule = {
    version: 1,
    explored,
    seed: finding.seed,
    fails: finding.check,
    faults: finding.schedule.faults,
  };
  const schedule = join(directory, `${name}.json`);
  await writeFile(schedule, `${JSON.stringify(stored, null, 2)}\n`);
  if (isScenario) return { schedule, scenario: undefined };
  const scenario = join(directory, `${name}.ts`);
  await writeFile(scenario, foundText(finding, `${id}/${name}`, explored));
  return { schedule, scenario };
}

function foundText({ check, seed, sentence, schedule }: Finding, id: string, explored: string): string {
  const facts = { id, title: `${check}: ${sentence}`, faults: schedule.faults as readonly object[] };
  return [
    ...headText([
      `Found by \`shaketable explore\`, and made small. Play it with \`--seed ${seed}\`; it passes once what it found is mended.`,
    ]),
    "import { found } from 'shaketable';",
    `import * as explored from ${quoted(explored)};`,
    '',
    `found(explored, ${written(facts as Writable)});`,
    '',
  ].join('\n');
}
