/**
 * Which process is meant: its id together with the moment it started, since the kernel gives ids out again. Linux
 * counts clock ticks since boot in `/proc`; elsewhere `ps` names the second.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** One process among all that ever had or will have its id since the machine started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, as the system counts it; compared, never computed with. */
  readonly start: string;
}

/** What `/proc/<pid>/stat` says that matters here (proc_pid_stat(5): fields 3, 6 and 22). */
interface ProcessStat {
  readonly state: string;
  readonly session: number;
  readonly start: string;
}

/** The identity of the process that has `pid` now; `undefined` if there is none or it is dead but not yet reaped. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const stat = process.platform === 'linux' ? readStat(pid) : askPs(pid);
  return stat === undefined || /^[ZX]/.test(stat.state) ? undefined : { pid, start: stat.start };
}

/** Whether that very process runs; a process that got its id later does not count. */
export function isAlive({ pid, start }: ProcessIdentity): boolean {
  return identifyProcess(pid)?.start === start;
}

/** The living members of the session that `leader` began, itself included. Linux only; elsewhere the leader alone. */
export function sessionOf(leader: ProcessIdentity): ProcessIdentity[] {
  if (process.platform !== 'linux') return isAlive(leader) ? [leader] : [];
  const holder = identifyProcess(leader.pid);
  if (holder !== undefined && holder.start !== leader.start) return []; // The id went to another process.
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readStat(pid)?.session === leader.pid)
    .flatMap((pid) => identifyProcess(pid) ?? [])
    .filter(({ start }) => Number(start) >= Number(leader.start));
}

/** Names the space in which process ids are unique: this boot of the machine, and the container's view of it. */
export function processSpace(): { boot: string; namespace: string } {
  return {
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '',
  };
}

/** The identity as one word, fit for a file name: `<pid>-<start>`. */
export function formatIdentity({ pid, start }: ProcessIdentity): string {
  return `${pid}-${start}`;
}

/** Reads what `formatIdentity` wrote; `undefined` for anything else. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const match = /^([1-9]\d{0,9})-(\d+)$/.exec(text);
  return match?.[1] && match[2] ? { pid: Number(match[1]), start: match[2] } : undefined;
}

function readStat(pid: number): ProcessStat | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The command stands in brackets and may hold anything, brackets included: fields count from the last one.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, session, start] = [fields?.[0], fields?.[3], fields?.[19]];
  if (state === undefined || session === undefined || start === undefined) return undefined;
  return { state, session: Number(session), start };
}

function askPs(pid: number): Pick<ProcessStat, 'state' | 'start'> | undefined {
  const environment = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const line = attempt(() =>
    execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env: environment }),
  );
  const match = /^\s*(\S+)\s+(.+?)\s*$/.exec(line ?? '');
  if (!match?.[1] || !match[2]) return undefined;
  return { state: match[1], start: String(Date.parse(`${match[2]} UTC`) / 1000) };
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
