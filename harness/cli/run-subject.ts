/** `shaketable run --subject FILE` and `-- COMMAND…`: which program is judged, at which pace, and by which scenarios. */
import { LabError } from '../errors.ts';
import { obstaclesTo } from '../foreign/any-subject.ts';
import { probePace } from '../foreign/faketime.ts';
import { findProgram } from '../foreign/program.ts';
import { readSubject, subjectOfCommand } from '../foreign/read-subject.ts';
import type { ForeignSubject } from '../foreign/subject.ts';
import type { NotApplicable } from '../report/run-result.ts';
import { loadScenarios } from './load-scenarios.ts';
import type { ScenarioFile } from './scenario-files.ts';

/** What of the flags is about it. */
interface SubjectFlags {
  readonly subject?: string;
  readonly world: string;
  readonly pace: 'fast' | 'real';
}

/**
 * The program that the user named; undefined for the lab's own agents.
 * @throws LabError `LAB_BAD_INPUT` for a file that cannot be used, or a program that is not there
 */
export async function chosenSubject(
  { subject: file, world, pace }: SubjectFlags,
  command?: readonly string[],
): Promise<ForeignSubject | undefined> {
  if (file === undefined && command === undefined) return undefined;
  if (file !== undefined && command !== undefined)
    throw bad('--subject names a file, and a command stands behind --', 'Give one of the two.');
  if (command?.length === 0)
    throw bad('There is no command behind --', 'Write it there: -- python3 agent.py {{serverUrl}}.');
  if (world !== 'auto' && world !== 'local')
    throw bad(
      `A subject of yours is played in the world local, not in ${world}`,
      'Leave --world out; a server of your own is named in the subject file (`server.url`).',
    );
  const subject = file === undefined ? subjectOfCommand(command ?? []) : await readSubject(file);
  await findProgram(subject.command[0], subject.cwd);
  if (pace === 'real') return { ...subject, pace: { how: 'real', why: '--pace real was asked for' } };
  return { ...subject, pace: await probePace(subject) };
}

/** The scenarios that can play it, and why the others cannot. @throws LabError `LAB_BAD_INPUT` where none can */
export async function forSubject(
  scenarios: readonly ScenarioFile[],
  subject: ForeignSubject,
): Promise<{ readonly found: readonly ScenarioFile[]; readonly left: readonly NotApplicable[] }> {
  const found: ScenarioFile[] = [];
  const left: NotApplicable[] = [];
  for (const scenario of scenarios) {
    const [declared] = await loadScenarios([scenario]).catch(() => []);
    const why = declared === undefined ? [] : obstaclesTo(declared, subject);
    if (why.length === 0) found.push(scenario);
    else left.push({ id: declared?.id ?? scenario.id, title: declared?.title ?? '', why });
  }
  if (found.length > 0) return { found, left };
  const [first] = left;
  throw bad(
    `None of these scenarios can play ${subject.name}: ${first?.id}: ${first?.why.join('; ')}`,
    'Name others, as fleet-resets; `shaketable list --json` tells what each needs of a subject (`anySubject`, `anyAdapter`).',
  );
}

const bad = (message: string, hint: string): LabError => new LabError('LAB_BAD_INPUT', message, { hint });
