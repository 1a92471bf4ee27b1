/** Each check of a subject from outside: by the wire, its server, what it prints, and what the system says of its process. */
import { backOff } from '../checks/back-off.ts';
import { burst } from '../checks/burst.ts';
import type { CheckSpec } from '../checks/check.ts';
import { count } from '../checks/count.ts';
import { each } from '../checks/each.ts';
import { followed } from '../checks/followed.ts';
import { growth } from '../checks/growth.ts';
import { noMissing } from '../checks/no-missing.ts';
import { oneEffectEach } from '../checks/one-effect.ts';
import { ratio } from '../checks/ratio.ts';
import type { Matcher } from '../journal/matcher.ts';
import { type AppliesWhere, type Need, needs } from './any-subject.ts';
import { subjectNotes } from './launch.ts';
import { requestsOf, signOfLife, subjectLink, tellsTrouble } from './signs.ts';
import type { ForeignSubject } from './subject.ts';
import type { CheckBounds, CheckName } from './subject-file.ts';

/** What the scenario does that checks refer to. */
export interface PassiveContext {
  /** The fault in whose time, or after which, the subject is judged. */
  readonly fault?: string;
  /** How long a server said to wait, in lab milliseconds. */
  readonly retryAfterMs?: number;
  /** The trouble is there from the start, and a subject that ends because of it is right. */
  readonly mayEnd?: boolean;
  /** Up to where a part without trouble goes. @default that fault */
  readonly before?: Matcher;
}

/** A check with what it needs. */
interface Passive {
  readonly spec: CheckSpec;
  readonly needs?: readonly Need[];
  readonly appliesWhere?: AppliesWhere;
  /** Why it cannot be judged of this subject, where that is not a matter of its server. */
  readonly cannot?: string | undefined;
}

type Maker = (subject: ForeignSubject, bounds: CheckBounds, context: PassiveContext) => Passive;

const note = (name: keyof typeof subjectNotes): Matcher => ({
  kind: 'subject.note',
  name: subjectNotes[name],
});
const connections: Matcher = { kind: 'connection.open', link: subjectLink };
const told: Matcher = { kind: 'subject.note', name: { anyOf: [subjectNotes.ready, subjectNotes.notReady] } };
/** What the story writes of a subject that was not asked to stop when it ended. */
const endedByItself = ({ name }: Pick<ForeignSubject, 'name'>): Matcher => ({
  kind: 'subject.note',
  name: subjectNotes.ended,
  process: name,
});
const samples: Matcher = { kind: 'process.sample', fds: { exists: true } };
const errors: Matcher = { kind: 'agent.log', level: { anyOf: ['error', 'fatal'] } };

/** Whether its log has levels at all. */
const levelsAreRead: AppliesWhere = {
  there: { kind: 'agent.log', level: { not: 'unknown' } },
  else: 'its log names no levels that could be read (`log.format`)',
};

/** Up to the fault, or to the end of the run without one. */
const before = ({ fault, before: given }: PassiveContext): { before?: Matcher } => {
  if (given !== undefined) return { before: given };
  return fault === undefined ? { before: note('stopping') } : { before: { kind: 'fault.installed', fault } };
};

const during = ({ fault }: PassiveContext): { during?: string } =>
  fault === undefined ? {} : { during: fault };

/** Of its fault, or of any where it has several. */
const strikes = ({ fault }: PassiveContext): Matcher => ({
  kind: 'fault.strike',
  ...(fault === undefined ? {} : { fault }),
});

export const makers: Readonly<Record<CheckName, Maker>> = {
  starts: () => ({
    spec: count('it starts and is ready in time', {
      of: note('ready'),
      given: told,
      atLeast: 1,
      unit: 'starts',
    }),
  }),
  'stays-up': ({ name, exits }) => ({
    spec: count('it does not end before it is asked to', {
      of: { kind: 'process.exit', process: name },
      before: note('stopping'),
      given: note('ready'),
      atMost: 0,
      unit: 'ends',
    }),
    cannot: exits ? needs.stays : undefined,
  }),
  connections: (subject, { atMost = 0.25 }, context) => ({
    spec: ratio('requests share a connection', {
      of: connections,
      per: requestsOf(subject),
      ...before(context),
      atMost,
      fewest: 4,
      unit: 'connections a request',
    }),
    needs: ['requests'],
  }),
  handshakes: (subject, { atMost = 0.25 }, context) => ({
    spec: ratio('requests share a TLS handshake', {
      of: { kind: 'tls.handshake', link: subjectLink, outcome: 'complete', resumed: { not: true } },
      per: requestsOf(subject),
      ...before(context),
      atMost,
      fewest: 4,
      unit: 'full handshakes a request',
    }),
    needs: ['tls', 'requests'],
  }),
  'requests-per-cycle': (subject, { atMost = 1 }, context) => ({
    spec: burst('a cycle has no more requests than it needs', {
      of: requestsOf(subject),
      withinMs: subject.cycleMs * 0.4,
      atMost,
      ...before(context),
      unit: 'requests',
    }),
    needs: ['requests'],
    cannot:
      subject.isCycleGiven &&
      (subject.report !== undefined || subject.checks['requests-per-cycle'] !== undefined)
        ? undefined
        : 'the subject file tells no cycle (`cycleMs`) or not which request is the work of one (`report`)',
  }),
  duplicates: (subject) => ({
    spec: oneEffectEach('what was done once is not done again', {
      effects: { ...requestsOf(subject), effect: 'applied' },
      key: subject.server === 'reference' ? 'sequence' : 'operation',
    }),
    needs: ['effects'],
    // Who reports nothing that is counted has no duplicates either.
    appliesWhere: {
      there: { ...requestsOf(subject), effect: { exists: true } },
      else: 'it sent nothing whose effect is counted',
    },
  }),
  losses: (subject) => ({
    spec: noMissing('no report is lost', {
      of: { ...requestsOf(subject), effect: 'applied' },
      field: 'sequence',
      fewest: 4,
    }),
    needs: ['reference', 'effects'],
    cannot:
      subject.checks.losses === undefined
        ? 'the subject file does not say that its reports are numbered (`checks.losses`)'
        : undefined,
  }),
  'back-off': (subject, { atMost = usualAttempts(subject), growth, capMs, jitter }, context) => ({
    spec: backOff('it waits between attempts at a server that is in trouble', {
      of: connections,
      ...during(context),
      atMost,
      ...(growth === undefined ? {} : { growth }),
      ...(capMs === undefined ? {} : { capMs }),
      ...(jitter === undefined ? {} : { jitter }),
      // One attempt that hangs is no storm, and none is where it hangs on the connection that was kept.
      fewest: growth === undefined && capMs === undefined && jitter === undefined ? 0 : 3,
    }),
  }),
  'retry-after': (_subject, { atMost = 1 }, context) => ({
    spec: burst('it does not come back before the time that it was told', {
      of: strikes(context),
      withinMs: (context.retryAfterMs ?? 0) * 0.9,
      atMost,
      unit: 'requests',
    }),
    needs: ['requests'],
  }),
  'refusal-is-final': ({ cycleMs }, { atMost = 1 }, context) => ({
    spec: burst('what was refused for good is not tried again at once', {
      of: strikes(context),
      withinMs: cycleMs * 0.4,
      atMost,
      unit: 'requests',
    }),
    needs: ['requests'],
  }),
  'fails-fast': (_subject, { withinMs = 30_000 }, context) => ({
    spec: followed('what is never answered is given up in time', {
      each: strikes(context),
      by: { kind: 'connection.end', link: subjectLink, side: 'client' },
      same: 'connection',
      withinMs,
      onlyFirst: true,
    }),
  }),
  recovers: (subject, { withinMs = usualRecoveryMs(subject) }, { fault, mayEnd = false }) => ({
    spec: followed('once the trouble is over it works again', {
      each: { kind: 'fault.lifted', ...(fault === undefined ? {} : { fault }) },
      by: signOfLife(subject),
      withinMs,
    }),
    ...(mayEnd
      ? {
          appliesWhere: {
            unless: endedByItself(subject),
            else: 'it ended, as it may when it is started in vain',
          },
        }
      : {}),
  }),
  'gives-up': ({ name }, { withinMs = 120_000 }) => ({
    spec: each('a start that can come to nothing ends, and not with success', {
      of: { kind: 'process.exit', process: name },
      has: { code: { not: 0 }, ranMs: { atMost: withinMs } },
      before: note('stopping'),
      given: told,
    }),
    appliesWhere: {
      there: endedByItself({ name }),
      else: 'it goes on trying, which is right for a program that nobody watches',
    },
  }),
  'certificate-refused': () => ({
    spec: count('nothing is sent to a server whose certificate must be refused', {
      of: { kind: 'server.log', event: 'other_request' },
      given: { kind: 'tls.client-hello' },
      atMost: 0,
      unit: 'requests',
    }),
    needs: ['tls'],
  }),
  quiet: (_subject, { atMost = 0 }, context) => ({
    spec: count('trouble that is survived is no error in its log', {
      of: errors,
      ...during(context),
      given: context.fault === undefined ? note('ready') : strikes(context),
      atMost,
      unit: 'records at ERROR or above',
    }),
    appliesWhere: levelsAreRead,
  }),
  noise: ({ cycleMs }, { atMost = Math.max(60, Math.ceil((4 * 60_000) / cycleMs)) }, context) => ({
    spec: burst('its log does not flood while something is wrong', {
      of: { kind: 'agent.log' },
      withinMs: 60_000,
      atMost,
      ...during(context),
      given: strikes(context),
      unit: 'records a minute',
    }),
    appliesWhere: { there: { kind: 'agent.log' }, else: 'it logs nothing' },
  }),
  tells: (_subject, _bounds, context) => ({
    spec: count('its log says that something is wrong', {
      of: tellsTrouble,
      ...during(context),
      given: context.fault === undefined ? note('stopping') : strikes(context),
      atLeast: 1,
      unit: 'records',
    }),
  }),
  resources: (_subject, { descriptors = 10, sockets = 10, threads = 10, memoryMiB = 64 }) => ({
    spec: growth('it holds no more at its end than at its beginning', {
      of: samples,
      since: note('ready'),
      before: note('stopping'),
      atMost: { fds: descriptors, sockets, threads, rssBytes: memoryMiB * 1024 * 1024 },
    }),
    appliesWhere: { there: samples, else: 'the system has no /proc' },
  }),
  exit: ({ name, stop }) => ({
    spec: each('it ends in time when it is asked to', {
      of: { kind: 'process.exit', process: name },
      has: stop.codes === undefined ? { signal: { not: 'SIGKILL' } } : { code: { anyOf: [...stop.codes] } },
      given: note('stopping'),
    }),
  }),
  'leaves-nothing': () => ({
    spec: count('it leaves no process behind', {
      of: note('leftBehind'),
      given: { kind: 'process.exit' },
      atMost: 0,
      unit: 'processes left',
    }),
  }),
};

/** Attempts a minute that are no storm: one a second, or three for each cycle of a subject that is quicker. */
function usualAttempts({ cycleMs }: ForeignSubject): number {
  return Math.max(60, Math.ceil((3 * 60_000) / cycleMs));
}

/** A minute for a back-off that is at its cap, and cycles of a subject that is slower. */
export const usualRecoveryMs = ({ cycleMs }: Pick<ForeignSubject, 'cycleMs'>): number =>
  Math.max(60_000, 6 * cycleMs);
