/**
 * Puts a foreign subject on the table: fills its placeholders, hands it the lab's authority, starts it at the lab's pace where that was
 * shown to work, and watches it from outside. Nothing of it has to know of the lab.
 *
 *   subject file ──► files, environment, arguments ──► process ──► agent.log, process.sample, process.exit
 */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sampleProcess } from '../probes/process-sampler.ts';
import { endMarked, markedProcesses, markVariable } from '../subjects/marked.ts';
import type { Link } from '../worlds/link.ts';
import type { Table } from '../worlds/table.ts';
import { startConnectProxy } from './connect-proxy.ts';
import { fasterClock } from './faketime.ts';
import { watchPeers } from './past-the-lab.ts';
import { fill, type PlaceholderValues } from './placeholders.ts';
import { watchReady } from './ready.ts';
import type { ForeignSubject } from './subject.ts';
import { trustEnvironment, writeTrust } from './trust.ts';

/** Where the subject is to connect to, and as whom. */
export interface LaunchTarget {
  readonly link: Link;
  readonly token: string;
  /** The server's URL in place of the link's, for a subject that is told a wrong one. */
  readonly url?: string;
  readonly dbUrl?: string;
  /** Whether to wait until it is ready; in vain for one that cannot reach anything. @default true */
  readonly waits?: boolean;
}

/** A subject that was started. */
export interface LaunchedSubject {
  /** Whether it became ready in time; `starts` is judged by it. */
  readonly isReady: boolean;
  /** Settles when it has ended. */
  readonly exited: Promise<unknown>;
  /** Asks it to stop, as its file says, and ends what it left behind. */
  stop(): Promise<void>;
}

/** Names of entries that passive checks look for. */
export const subjectNotes = {
  ready: 'subject ready',
  notReady: 'subject not ready',
  stopping: 'subject asked to stop',
  ended: 'subject ended by itself',
  leftBehind: 'subject left processes behind',
  notApplicable: 'the scenario says nothing of it',
  talkedPast: 'subject talked past the lab',
} as const;

/** How often it is looked at, in real milliseconds. */
const sampleEveryMs = 500;

/** Starts it, and resolves once it is ready, has ended, or was not ready in time. */
export async function launchSubject(
  table: Table,
  subject: ForeignSubject,
  target: LaunchTarget,
): Promise<LaunchedSubject> {
  const { values, files, trust } = await prepare(table, subject, target);
  const filled = (text: string): string => fill(text, values, files);
  const [command, ...args] = subject.command;
  const mark = randomUUID();
  const isJava = /^java/.test(basename(command));
  const environment = {
    ...trustEnvironment(trust, isJava),
    PYTHONUNBUFFERED: '1', // Else what it prints comes when it ends, or never.
    ...Object.fromEntries(Object.entries(subject.env).map(([name, value]) => [name, filled(value)])),
    ...(await fasterClock(subject.pace, table)),
    [markVariable]: mark,
  };
  // Disposed of after the process itself: whoever is left by then has detached.
  table.use({ [Symbol.asyncDispose]: () => endLeftOver(table, mark) });
  if (subject.log.file !== undefined) table.follow('agent', filled(subject.log.file), formatOf(subject));
  const readiness = watchReady(table, subject, target.link);
  const started = await table.process(subject.name, {
    command,
    args: args.map(filled),
    env: environment,
    cwd: subject.cwd,
    shownAs: subject.command.join(' '),
    stopSignal: subject.stop.signal,
    graceMs: subject.stop.withinMs,
    log: 'agent',
    ...formatOf(subject),
  });
  const ours = [
    values.serverUrl,
    values.proxyUrl,
    values.dbUrl,
    `tcp://${target.link.host}:${target.link.port}`,
  ];
  const look = watchPeers(ours, (to) => table.note(subjectNotes.talkedPast, { to }));
  table.use(sampleWhileAlive(table, started.pid, mark, look));
  const unwaited = target.waits === false ? [Promise.resolve(undefined)] : [];
  const how = await Promise.race([
    ...unwaited,
    readiness.ready,
    started.exited.then(() => 'it ended before it was ready'),
  ]);
  readiness.stop();
  if (how === undefined) table.note(subjectNotes.ready);
  else table.note(subjectNotes.notReady, { why: how });
  let isAsked = false;
  const ask = (): void => {
    if (!isAsked) table.note(subjectNotes.stopping);
    isAsked = true;
  };
  void started.exited.then(() => {
    if (!isAsked) table.note(subjectNotes.ended, { process: subject.name });
  });
  table.use({ [Symbol.asyncDispose]: async () => ask() });
  return {
    isReady: how === undefined,
    exited: started.exited,
    async stop() {
      ask();
      await started.stop();
      await endLeftOver(table, mark);
    },
  };
}

/** Everything that stands for a placeholder, and the files that have some. */
async function prepare(table: Table, subject: ForeignSubject, { link, token, url, dbUrl }: LaunchTarget) {
  table.plantSecret('token', token);
  for (const [name, value] of Object.entries(subject.secrets)) table.plantSecret(name, value);
  const dir = join(table.directory, 'subject');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const trust = await writeTrust(dir, table.authority.certPem);
  const proxyUrl = await startConnectProxy(table, link, builtInHost(subject));
  const serverUrl = url ?? urlOf(subject, link);
  const { hostname, port } = new URL(serverUrl);
  const values: PlaceholderValues = {
    serverUrl,
    wsUrl: serverUrl.replace(/^http/, 'ws'),
    serverHost: hostname,
    serverPort: port,
    token,
    ...trust,
    agentId: 'agent-001',
    dbUrl: dbUrl ?? '',
    proxyUrl,
    dir,
  };
  const files = Object.fromEntries(Object.keys(subject.files).map((name) => [name, join(dir, name)]));
  for (const [name, path] of Object.entries(files))
    await writeFile(path, fill(subject.files[name] ?? '', values, files), { mode: 0o600 });
  return { values, files, trust };
}

/** The host of a server whose certificate is for a name elsewhere: only a tunnel leads there over the link. */
function builtInHost({ server }: ForeignSubject): string | undefined {
  if (server === 'reference' || 'routes' in server) return undefined;
  return new URL(server.url).hostname;
}

/** What the subject is to connect to: the link, or its server by its own name where TLS passes unopened and the name matters. */
function urlOf(subject: ForeignSubject, { host, port }: Link): string {
  const { server, tls } = subject;
  const isOpened = server === 'reference' || 'routes' in server || server.open === true || !tls;
  if (isOpened) return `${tls ? 'https' : 'http'}://${host}:${port}`;
  const { hostname } = new URL(server.url);
  return isLoopback(hostname) ? `https://${hostname}:${port}` : server.url;
}

const isLoopback = (host: string): boolean => host === 'localhost' || /^127\./.test(host);

const formatOf = ({ log }: ForeignSubject): { format?: NonNullable<typeof log.format> } =>
  log.format === undefined ? {} : { format: log.format };

/** What the subject and all that it started hold together, again and again; `look` is shown them each time. */
function sampleWhileAlive(
  table: Table,
  pid: number,
  mark: string,
  look: (pids: readonly number[]) => Promise<void>,
): AsyncDisposable {
  const ended = new AbortController();
  const sampling = (async () => {
    while (!ended.signal.aborted) {
      const pids = [...new Set([pid, ...(await markedProcesses(mark)).map((one) => one.pid)])];
      const samples = (await Promise.all(pids.map(sampleProcess))).filter((sample) => sample !== undefined);
      await look(pids);
      if (samples.length > 0) {
        const sum = (field: 'rssBytes' | 'threads' | 'cpuMs' | 'fds' | 'sockets'): number =>
          samples.reduce((total, sample) => total + (sample[field] ?? 0), 0);
        const held = { rssBytes: sum('rssBytes'), threads: sum('threads'), cpuMs: sum('cpuMs') };
        const descriptors = { fds: sum('fds'), sockets: sum('sockets'), processes: samples.length };
        table.record('process', 'process.sample', { ...held, ...descriptors });
      }
      await table.sleep(sampleEveryMs * table.pace).catch(() => undefined);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      ended.abort();
      await sampling;
    },
  };
}

/** Ends what is still there of the subject, and journals that it was. */
async function endLeftOver(table: Table, mark: string): Promise<void> {
  const left = await endMarked(mark);
  if (left.length > 0)
    table.note(subjectNotes.leftBehind, {
      processes: left.length,
      commands: left.slice(0, 5).map(({ command }) => command.slice(0, 200)),
    });
}
