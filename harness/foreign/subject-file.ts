/**
 * The subject file: what a user tells the lab of a program that the lab has never seen. JSON, or a module whose default export is
 * `defineSubject({ … })`. Every field but the first two may be left out; what it then is, `subject.ts` says in one place.
 */
import type { ConnectionKind } from '../adapter/protocol.ts';
import type { LogLevel } from '../logs/record.ts';

/** A subject as its file describes it. Durations are the subject's own, in milliseconds. */
export interface SubjectFile {
  /** What reports call it: letters, digits, and `. _ -`. */
  readonly name: string;
  /** The program and its arguments, a word each; never a shell's command line. Placeholders are filled in. */
  readonly command: readonly [string, ...string[]];
  /** Where it runs, relative to the file. @default the file's folder */
  readonly cwd?: string;
  /** Environment variables beside PATH, HOME and those that carry the lab's authority. Placeholders are filled in. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Configuration files by name: their text, or `{ "template": path }` for one beside the subject file. They are written with mode 600
   * into the run's own directory, which is `{{dir}}`; `{{file:NAME}}` is the path of one. Placeholders are filled in.
   */
  readonly files?: Readonly<Record<string, string | { readonly template: string }>>;
  /** What it talks to. @default 'reference' */
  readonly server?: 'reference' | RoutesServer | OwnServer;
  /** Whether it speaks TLS to its server. @default true */
  readonly tls?: boolean;
  /** The command is an adapter, and connects to these: the lab tells it what to do (docs/adapters.md). @default it works by itself */
  readonly adapter?: readonly ConnectionKind[];
  /** How long one of its cycles takes when nothing is wrong. @default 5000 */
  readonly cycleMs?: number;
  /** Which requests are the work of a cycle. @default all of them */
  readonly report?: RequestPattern;
  /** When it counts as started. @default its first connection, within 30 s */
  readonly ready?: Ready;
  /** How it is stopped. @default SIGTERM, with 5 s */
  readonly stop?: {
    /** @default 'SIGTERM' */
    readonly signal?: StopSignal;
    /** How long it may take, in real milliseconds. @default 5000 */
    readonly withinMs?: number;
    /** The exit codes that are right; left out, any end but a kill is. */
    readonly codes?: readonly number[];
  };
  /** Whether it ends by itself when its work is done. @default false */
  readonly exits?: boolean;
  /** Where it logs and how. @default standard output and error, in the format that reads the most lines */
  readonly log?: {
    /** A file that it writes, beside what it prints; placeholders are filled in. */
    readonly file?: string;
    /** A name of docs/log-formats.md, or a regular expression with the groups `level` and `message`. @default found out */
    readonly format?:
      | string
      | { readonly pattern: string; readonly levels?: Readonly<Record<string, LogLevel>> };
  };
  /** Checks by name: `false` for one that is not wanted, or its bounds. @default every one that applies, with the usual bounds */
  readonly checks?: Partial<{ readonly [Name in CheckName]: false | CheckBounds }>;
  /** Checks that fail for a reason that is known. One that passes all the same makes the run not as expected. */
  readonly knownFailing?: readonly KnownFailing[];
  /** Secrets of the subject's own, by name: no output may show them. The lab's token is one anyway. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** `real` never runs it at the lab's pace. @default 'auto': at the lab's pace where a probe shows that it can */
  readonly pace?: 'auto' | 'real';
}

/** No server at all: the lab answers these routes itself, over HTTPS and WebSocket. */
export interface RoutesServer {
  /** By method and path, as `POST /v1/reports`; `*` stands for anything, and the first that fits counts. */
  readonly routes: Readonly<Record<string, Route>>;
}

/** What the lab answers. */
export interface Route {
  /** @default 200 */
  readonly status?: number;
  /** Text, or what is sent as JSON. @default none */
  readonly body?: unknown;
  /** Header fields of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * What tells two operations apart, so that a repeated one is seen: `header:Idempotency-Key`, `body` as a whole, or a field of a JSON
   * body as `body:id`. A request without it counts each time. @default nothing: it has no effect that could be counted
   */
  readonly effect?: string;
  /** Accepts a WebSocket: sends this text at once, and `echo` sends back what comes. */
  readonly webSocket?: true | { readonly greeting?: string; readonly echo?: boolean };
}

/** The user's own server, which runs already. */
export interface OwnServer {
  /** `https://host:port`, or `http://…` for a subject without TLS. */
  readonly url: string;
  /** The token that it accepts, or `{ "env": "NAME" }` for one of the lab's environment. */
  readonly token?: string | { readonly env: string };
  /** PEM file of the authority of its certificate, relative to the file. @default those that Node trusts */
  readonly caFile?: string;
  /**
   * Whether the lab ends TLS with its own authority and sees requests; else TLS passes unopened, and handshakes are counted.
   * @default false
   */
  readonly open?: boolean;
  /** What tells two reports apart, as in {@link Route.effect}; for an opened server. */
  readonly effect?: string;
}

/** Which requests are meant. */
export interface RequestPattern {
  readonly method?: string;
  /** `*` stands for anything. */
  readonly path?: string;
}

/** When a subject counts as started; `withinMs` is real time. */
export type Ready = (
  | { readonly firstConnection: true }
  | { readonly log: string }
  | { readonly port: number }
  | { readonly http: string }
) & { readonly withinMs?: number };

export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
export type StopSignal = (typeof stopSignals)[number];

/** A check that fails for a reason that is known. */
export interface KnownFailing {
  /** The scenario's id; `*` stands for anything. */
  readonly scenario: string;
  readonly check: string;
  /** Why it fails, and where that is worked on. */
  readonly reason: string;
  /** Since when, as 2026-11-30. */
  readonly since: string;
}

/** What is judged of a subject from outside, by the name under which its file speaks of it. */
export const checkNames = [
  'starts',
  'stays-up',
  'connections',
  'handshakes',
  'requests-per-cycle',
  'duplicates',
  'losses',
  'back-off',
  'retry-after',
  'refusal-is-final',
  'fails-fast',
  'recovers',
  'gives-up',
  'certificate-refused',
  'quiet',
  'noise',
  'tells',
  'resources',
  'exit',
  'leaves-nothing',
] as const;
export type CheckName = (typeof checkNames)[number];

/** Those that a busy machine can make fail: they are about time, or about what comes in a time. */
export const timedChecks: readonly string[] = [
  'starts',
  'requests-per-cycle',
  'back-off',
  'retry-after',
  'refusal-is-final',
  'fails-fast',
  'recovers',
  'gives-up',
  'noise',
  'resources',
  'exit',
  'standing-prompt-stop',
  'standing-no-storm',
] satisfies readonly (CheckName | `standing-${string}`)[];

/** Bounds of a check; docs/your-own-agent.md says which of them each check knows. */
export interface CheckBounds {
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly withinMs?: number;
  /** Waits grow at least so much from one attempt to the next: 1.5. */
  readonly growth?: number;
  /** No wait is longer, in milliseconds. */
  readonly capMs?: number;
  /** Waits differ at least by this share of their mean: 0.1. */
  readonly jitter?: number;
  readonly sockets?: number;
  readonly descriptors?: number;
  readonly threads?: number;
  readonly memoryMiB?: number;
}

/** Gives the subject back; an editor then knows its fields. */
export function defineSubject(subject: SubjectFile): SubjectFile {
  return subject;
}
