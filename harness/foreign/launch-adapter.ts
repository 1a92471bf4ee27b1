/**
 * Puts an adapter on the table: the lab tells a client library what to do, at the moment at which it matters, and what the library made of
 * it stands in the journal beside what arrived.
 *
 *   scenario ──ask──► adapter ──► library ──link──► server
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from '../adapter/protocol.ts';
import { type Outcome, startAdapter } from '../adapter/start-adapter.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { Table } from '../worlds/table.ts';
import { fasterClock } from './faketime.ts';
import { subjectNotes } from './launch.ts';
import type { ForeignSubject } from './subject.ts';
import { trustEnvironment } from './trust.ts';

/** What it answered: `{ id, asked, answer, tookMs, error? }`. */
export const adapterAnswers = { kind: 'subject.note', name: 'adapter answered' } as const satisfies Matcher;

/** What it told unasked: `{ event, on, code? }`. */
export const adapterEvents = { kind: 'subject.note', name: 'adapter told' } as const satisfies Matcher;

/** An adapter that was started; it ends with the table. */
export interface LaunchedAdapter {
  /** The authority of what it is to connect to, as a PEM file. */
  readonly caFile: string;
  /** Gives a command, and journals the answer under `id`. `silent` after a minute of the lab's time, or what the command gives, and some. */
  ask(id: string, command: Command): Promise<Outcome>;
}

/** Real milliseconds that it may take to start, and to end; the lab's pace has no say in that. */
const startMs = 20_000;
const endMs = 5_000;

/**
 * Starts it; `caPem` is the authority of what it will connect to.
 * @throws LabError `LAB_SUBJECT_START` for a program that does not answer as an adapter does
 */
export async function launchAdapter(
  table: Table,
  subject: ForeignSubject,
  caPem: string,
): Promise<LaunchedAdapter> {
  const dir = join(table.directory, 'subject');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const caFile = join(dir, 'ca.pem');
  await writeFile(caFile, caPem, { mode: 0o600 });
  const [command, ...args] = subject.command;
  const clockFaster = await fasterClock(subject.pace, table);
  const adapter = await startAdapter({
    command,
    args,
    cwd: subject.cwd,
    env: {
      ...trustEnvironment({ caFile, trustStore: '' }, /^java/.test(basename(command))),
      ...subject.env,
      ...clockFaster,
    },
    clock: table.clock,
    greetingMs: startMs * table.pace,
    graceMs: endMs * table.pace,
    onEvent: ({ event, on, code }) =>
      table.note(adapterEvents.name, { event, on, ...(code === undefined ? {} : { code }) }),
    start: (options) => table.process(subject.name, { ...options, shownAs: subject.command.join(' ') }),
  });
  table.note(subjectNotes.ready);
  table.use({
    async [Symbol.asyncDispose]() {
      table.note(subjectNotes.stopping);
      await adapter.end();
    },
  });
  return {
    caFile,
    async ask(id, asked) {
      const outcome = await adapter.do(asked);
      const { answer, tookMs, error } = outcome;
      const why = error === undefined ? {} : { error: error.slice(0, 500) };
      table.note(adapterAnswers.name, { id, asked: asked.do, answer, tookMs: Math.round(tookMs), ...why });
      return outcome;
    },
  };
}
