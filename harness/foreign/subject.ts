/**
 * A foreign subject as the lab plays it: the subject file with everything that it leaves out. Plain data, since scenarios are played in
 * processes of their own.
 */
import type { ConnectionKind } from '../adapter/protocol.ts';
import type {
  CheckBounds,
  CheckName,
  KnownFailing,
  OwnServer,
  Ready,
  RequestPattern,
  RoutesServer,
  StopSignal,
  SubjectFile,
} from './subject-file.ts';

/** How its clock keeps up with the lab's. */
export interface SubjectPace {
  /** `libfaketime` scales the clock of an unchanged program; at `real` the lab keeps to its pace. */
  readonly how: 'libfaketime' | 'real';
  /** Why so, in words, for the report. */
  readonly why: string;
  /** The library that is loaded into it. */
  readonly library?: string;
}

/** A server that runs already, with what was read for it. */
export interface GivenServer extends Omit<OwnServer, 'token' | 'caFile'> {
  readonly token?: string;
  readonly caPem?: string;
}

export interface ForeignSubject {
  readonly name: string;
  /** The subject file, as the user named it; empty for a command of the command line. */
  readonly file: string;
  readonly command: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The text of each configuration file, by its name. */
  readonly files: Readonly<Record<string, string>>;
  readonly server: 'reference' | RoutesServer | GivenServer;
  readonly tls: boolean;
  /** What it connects to as an adapter; empty for a program that works by itself. */
  readonly adapter: readonly ConnectionKind[];
  readonly cycleMs: number;
  /** The file names a cycle, so that its pace can be judged. */
  readonly isCycleGiven: boolean;
  readonly report?: RequestPattern;
  readonly ready: Ready & { readonly withinMs: number };
  readonly stop: {
    readonly signal: StopSignal;
    readonly withinMs: number;
    readonly codes?: readonly number[];
  };
  readonly exits: boolean;
  readonly log: NonNullable<SubjectFile['log']>;
  readonly checks: Partial<{ readonly [Name in CheckName]: false | CheckBounds }>;
  readonly knownFailing: readonly KnownFailing[];
  readonly secrets: Readonly<Record<string, string>>;
  readonly pace: SubjectPace;
}

/** What has to be read beside the file. */
export interface ReadBeside {
  readonly file: string;
  readonly folder: string;
  /** The text of each template, by the name of its configuration file. */
  readonly templates: Readonly<Record<string, string>>;
  readonly server?: Pick<GivenServer, 'token' | 'caPem'>;
}

/** What a lab without a faster clock says of the pace. */
const unprobed: SubjectPace = { how: 'real', why: 'nothing has shown that it can be played faster' };

/** The subject of a file. */
export function subjectOf(given: SubjectFile, beside: ReadBeside): ForeignSubject {
  const { name, command, env = {}, files = {}, tls = true, adapter = [] } = given;
  const { cycleMs = 5_000, report, exits = false } = given;
  const { log = {}, checks = {}, knownFailing = [], secrets = {}, stop = {}, ready } = given;
  const { file, folder, templates } = beside;
  return {
    name,
    file,
    command,
    cwd: folder,
    env,
    files: Object.fromEntries(
      Object.entries(files).map(([key, text]) => [
        key,
        typeof text === 'string' ? text : (templates[key] ?? ''),
      ]),
    ),
    server: serverOf(given.server ?? 'reference', beside.server),
    tls:
      typeof given.server === 'object' && 'url' in given.server ? given.server.url.startsWith('https:') : tls,
    adapter,
    cycleMs,
    isCycleGiven: given.cycleMs !== undefined,
    ...(report === undefined ? {} : { report }),
    ready: { ...(ready ?? { firstConnection: true as const }), withinMs: ready?.withinMs ?? 30_000 },
    stop: { signal: 'SIGTERM', withinMs: 5_000, ...stop },
    exits,
    log,
    checks,
    knownFailing,
    secrets,
    pace: given.pace === 'real' ? { how: 'real', why: 'its file says so' } : unprobed,
  };
}

function serverOf(
  server: NonNullable<SubjectFile['server']>,
  read: ReadBeside['server'] = {},
): ForeignSubject['server'] {
  if (server === 'reference' || 'routes' in server) return server;
  const { token: _token, caFile: _caFile, ...rest } = server;
  return { ...rest, ...read };
}
