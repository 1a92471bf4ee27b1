/**
 * Plays a program that the lab has never seen: its server behind one link, the program itself, and the course that most stories have,
 * which is that it works, that something happens, and that it works again.
 *
 *   subject ──agent→server──► reference server, routes of its file, or the user's own server
 */
import {
  type CheckName,
  type ForeignSubject,
  type LaunchedSubject,
  type LaunchTarget,
  launchSubject,
  type Matcher,
  type PassiveContext,
  passiveChecks,
  type SubjectPart,
  signOfLife,
  startSubjectServer,
  subjectLink,
  subjectNotes,
  type Table,
  tellsTrouble,
  toxic,
  usualRecoveryMs,
} from 'shaketable';
import { startReference } from './reference.ts';

/** How the server and its link differ from what they are without a story. */
interface SeatOptions {
  /** Variables of the reference server. */
  readonly env?: Readonly<Record<string, string>>;
  /** The link answers TLS itself, so that toxics see the HTTP inside. */
  readonly open?: boolean;
}

/** A server behind a link, for the subject to be started at. */
export interface Seat extends LaunchTarget {
  readonly server: { readonly host: string; readonly port: number };
}

type Fault = NonNullable<SubjectPart['faults']>[string]['fault'];

/** A story in which the subject works, something happens to it, and it works again. */
export interface Course extends SeatOptions {
  readonly checks: readonly CheckName[];
  /** What happens. */
  readonly fault?: Fault;
  /** The trouble is there before the subject is started, which may then end. @default false */
  readonly fromStart?: boolean;
  /** How many cycles it works before. @default 4 */
  readonly cyclesBefore?: number;
  /** How many cycles the fault holds at least. @default 4 */
  readonly cycles?: number;
  /** And how long at least, in lab milliseconds. @default 20_000 */
  readonly lastsMs?: number;
  /** How often it has to strike. @default 1 */
  readonly strikes?: number;
  /** Says nothing of a subject that opens a connection for each request. @default false */
  readonly needsKeptConnection?: boolean;
  readonly context?: Omit<PassiveContext, 'fault'>;
}

const fault = 'trouble';

/** Every request is refused with this status, in the words of the reference server. */
export const refusedWith = (status: number, error: string): Fault =>
  toxic({
    type: 'http_status',
    attributes: { status, body: JSON.stringify({ error }), fields: 'Content-Type: application/json' },
  });

/** A part that lasts longer is played so long at the real pace, where a story of minutes would take minutes. */
const longestRealMs = 60_000;

/** The scenario's part for a subject that lives through such a course. */
export function course(subject: ForeignSubject, options: Course): SubjectPart {
  const { checks, context = {}, fromStart = false } = options;
  const first: CheckName[] = fromStart ? ['gives-up'] : ['starts', 'stays-up'];
  return {
    ...passiveChecks(subject, [...first, ...checks, 'exit', 'leaves-nothing'], {
      ...context,
      ...(options.fault === undefined ? {} : { fault }),
      mayEnd: fromStart,
    }),
    ...(options.fault === undefined
      ? {}
      : {
          faults: {
            [fault]: { fault: options.fault, link: subjectLink, from: fromStart ? 'start' : 'manual' },
          },
        }),
    play: (table) => live(table, subject, options),
  };
}

/** A story in which the subject is started in vain: what it is told to connect to is not what it should be. */
export function inVain(
  subject: ForeignSubject,
  checks: readonly CheckName[],
  {
    faults,
    start,
  }: {
    readonly faults?: NonNullable<SubjectPart['faults']>;
    /** Makes what is there instead, and says where. */
    readonly start: (table: Table) => Promise<readonly LaunchTarget[]>;
  },
): SubjectPart {
  return {
    ...passiveChecks(subject, checks),
    ...(faults === undefined ? {} : { faults }),
    play: async (table) => {
      for (const target of await start(table)) {
        const launched = await launchSubject(table, subject, { ...target, waits: false });
        const ended = launched.exited.then(() => undefined);
        // A name that nobody knows has no connection: there it is what the subject says.
        const met: Matcher = { kind: 'connection.close', link: target.link.name };
        const either = [met, tellsTrouble].map((what) =>
          table.until(what, { nth: table.count(what) + 1, withinMs: patience(subject) }),
        );
        await Promise.race([...either, ended]);
        await Promise.race([table.sleep(Math.max(3 * subject.cycleMs, 15_000)), ended]);
        await launched.stop();
      }
    },
  };
}

/** A token that nobody accepts, for where nobody asks. */
export const anyToken = (table: Table): string =>
  `tok${Math.floor(table.random.fork('token').next() * 1e15)}`;

/** Starts what the subject talks to. */
export async function takeSeat(
  table: Table,
  subject: ForeignSubject,
  options: SeatOptions = {},
): Promise<Seat> {
  const { open = false, env = {} } = options;
  const given = await startSubjectServer(table, subject);
  if (given !== undefined) {
    const { token, ...server } = given;
    const link = await table.link(subjectLink, server, { tls: open && subject.tls });
    return { server, link, token };
  }
  const { server, database, link, token } = await startReference(table, {
    env: { ...patientServer, ...env },
    linkAnswersTls: open && subject.tls,
    withoutTls: !subject.tls,
  });
  const { user, password, database: name } = database.schema;
  const { host, port } = database.server;
  return { server, link, token, dbUrl: `mysql://${user}:${password}@${host}:${port}/${name}` };
}

/** A program as a process of its own is slow to start and to answer, and at the lab's pace more so. */
const patientServer = { HEADERS_TIMEOUT: '3600', BODY_TIMEOUT: '3600', KEEP_ALIVE_TIMEOUT: '75' };

async function live(table: Table, subject: ForeignSubject, options: Course): Promise<void> {
  const { fromStart = false, cyclesBefore = 4, needsKeptConnection = false } = options;
  const seat = await takeSeat(table, subject, options);
  const launched = await launchSubject(table, subject, seat);
  if (!fromStart) {
    if (!launched.isReady) return;
    assertPace(table, subject, await worksFor(table, subject, launched, cyclesBefore));
    if (needsKeptConnection && opensEachTime(table, subject)) {
      table.note(subjectNotes.notApplicable, {
        why: 'it keeps no connection that something could happen to',
      });
      await launched.stop();
      return;
    }
  }
  if (options.fault !== undefined) await trouble(table, subject, launched, options);
  await launched.stop();
}

async function trouble(
  table: Table,
  subject: ForeignSubject,
  launched: LaunchedSubject,
  { fromStart = false, cycles = 4, lastsMs = 20_000, strikes = 1 }: Course,
): Promise<void> {
  const begun = table.clock.now();
  if (!fromStart) await table.inject(fault);
  const ended = launched.exited.then(() => undefined);
  const struck = table.until({ kind: 'fault.strike', fault }, { nth: strikes, withinMs: patience(subject) });
  await Promise.race([struck, ended]);
  const wanted = Math.max(cycles * subject.cycleMs, lastsMs);
  const holdMs = table.pace === 1 ? Math.min(wanted, longestRealMs) : wanted;
  await Promise.race([table.sleep(Math.max(0, begun + holdMs - table.clock.now())), ended]);
  await table.lift(fault);
  await worksFor(table, subject, launched, 2);
}

/** How long nothing may be heard of a subject, in lab milliseconds, until that is its answer. */
function patience(subject: ForeignSubject): number {
  const { recovers } = subject.checks;
  const asked = recovers === false ? undefined : recovers?.withinMs;
  return (asked ?? usualRecoveryMs(subject)) + 2 * subject.cycleMs;
}

/** Waits for so many signs of life from now on, or until none comes any more. @returns when each came, in lab milliseconds */
export async function worksFor(
  table: Table,
  subject: ForeignSubject,
  launched: LaunchedSubject,
  cycles: number,
): Promise<readonly number[]> {
  const sign = signOfLife(subject);
  const before = table.count(sign);
  const ended = launched.exited.then(() => undefined);
  // So long the cycle of a clock that does not keep up would take.
  const withinMs = Math.max(patience(subject), subject.isCycleGiven ? 1.3 * table.pace * subject.cycleMs : 0);
  const times: number[] = [];
  for (let nth = 1; nth <= cycles; nth += 1) {
    const seen = await Promise.race([table.until(sign, { nth: before + nth, withinMs }), ended]);
    if (seen === undefined) break;
    times.push(seen.t);
  }
  return times;
}

/**
 * Whether the subject's clock runs as the lab's does: its cycles, while nothing is wrong, take the time that its file says. A probe of
 * its runtime does not tell that of what a script starts.
 * @throws Error that ends the story: nothing is judged on a clock that does not agree
 */
function assertPace(
  table: Table,
  { name, cycleMs, isCycleGiven }: ForeignSubject,
  times: readonly number[],
): void {
  if (table.pace === 1 || !isCycleGiven || times.length < 2) return;
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const shortest = Math.min(...gaps);
  // A clock that runs at the real pace has cycles that take their time really; anything else is a busy machine, or a slow subject.
  if (shortest / table.pace < 0.7 * cycleMs) return;
  const [found, told] = [shortest, cycleMs].map((ms) => `${Math.round(ms / 100) / 10} s`);
  throw new Error(
    `the clock of ${name} does not run as the lab's does: its cycles take ${found} at pace ${table.pace}, and its file says ${told}. ` +
      'Play it at the real pace: `--pace real`, or `"pace": "real"` in its file',
  );
}

/** Whether nearly every request so far had a connection of its own. */
function opensEachTime(table: Table, subject: ForeignSubject): boolean {
  const requests = table.count(signOfLife(subject));
  return table.count({ kind: 'connection.open', link: subjectLink }) > requests * 0.6;
}
