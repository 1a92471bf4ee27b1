/** A subject file as it is handed out to workers, and as a worker finds its own copy: neither file nor program is ever sent. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileError, LabError } from '../errors.ts';
import { probePace } from '../foreign/faketime.ts';
import { findProgram } from '../foreign/program.ts';
import { readSubject } from '../foreign/read-subject.ts';
import type { ForeignSubject } from '../foreign/subject.ts';
import type { ScenarioUnit } from '../scale/kinds/scenario.ts';
import type { Pace } from '../worlds/world-module.ts';

type HandedOut = NonNullable<ScenarioUnit['subject']>;

/** How workers are told of the file. @throws LabError `LAB_BAD_INPUT` for one that they cannot have */
export async function handedOut({ file }: ForeignSubject): Promise<HandedOut> {
  if (file === '')
    throw bad(
      'Workers are given no command: what they play lies on their own disk',
      'Write it in a subject file that they have too: `shaketable init --subject`.',
    );
  return { file: below(file), sha256: await digest(file) };
}

/** The program of this machine. @throws LabError `LAB_BAD_INPUT` for another file, a program that is missing, or another pace */
export async function ownSubject({ file, sha256 }: HandedOut, pace: Pace): Promise<ForeignSubject> {
  const own = below(file);
  if ((await digest(own)) !== sha256)
    throw bad(`${own} is another file here`, 'Bring the workers to the same state of the project.');
  const subject = await readSubject(own);
  await findProgram(subject.command[0], subject.cwd);
  if (pace === 'real')
    return { ...subject, pace: { how: 'real', why: 'the run is played at the real pace' } };
  const probed = await probePace(subject);
  if (probed.how === 'libfaketime') return { ...subject, pace: probed };
  throw bad(
    `${subject.name} cannot be played at the lab’s pace here: ${probed.why}`,
    'Give --pace real, or mend that.',
  );
}

/** Its path below the folder that this process works in. */
function below(file: string): string {
  const path = relative('.', resolve(file));
  if (!isAbsolute(path) && !path.startsWith('..')) return path;
  throw bad(
    `${file} does not lie below ${process.cwd()}`,
    'Start the run, and the workers, in the folder of the project.',
  );
}

async function digest(file: string): Promise<string> {
  const content = await readFile(file).catch((cause: unknown) => {
    throw fileError(cause, file);
  });
  return createHash('sha256').update(content).digest('hex');
}

const bad = (message: string, hint: string): LabError => new LabError('LAB_BAD_INPUT', message, { hint });
