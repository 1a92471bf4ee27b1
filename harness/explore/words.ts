/** A schedule as a sentence: what struck, how long after what, and that nothing of it can be left out. */
import type { Entry } from '../journal/entry.ts';
import { kindNamed } from './kinds.ts';
import { faultId } from './planned.ts';
import type { Schedule, ScheduledFault } from './schedule.ts';
import { stormBegins } from './storm.ts';

/** What a fault comes after, in words, by the kind of entry. */
const milestones: Readonly<Record<string, string>> = {
  'connection.open': 'connection',
  'connection.close': 'end of a connection',
  'tls.client-hello': 'ClientHello',
  'tls.handshake': 'handshake',
};

/** What a run that failed with it says about when each fault came; `minimal` when any one of them is needed. */
export function inWords(
  { faults }: Schedule,
  entries: readonly Entry[],
  { minimal, stormMs }: { readonly minimal: boolean; readonly stormMs: number },
): string {
  if (faults.length === 0) return 'no fault at all: it fails in quiet weather';
  const [last, ...before] = faults
    .map((fault, index) => ({ fault, at: installedAt(entries, faultId(fault.kind, index)) }))
    .toReversed();
  if (last === undefined) return '';
  const said = (one: Placed): string =>
    isThroughout(one.fault, stormMs)
      ? `${name(one.fault, false)} throughout`
      : `${name(one.fault, true)}${moment(entries, one)}`;
  const rest = before
    .toReversed()
    .map((one) => `${overlaps(one, last) ? 'while there is' : 'after'} ${said(one)}`);
  const head = said(last);
  return [head, ...rest].join(', ') + (minimal ? `; ${ending(faults.length)}` : '');
}

interface Placed {
  readonly fault: ScheduledFault;
  /** Lab milliseconds since the run began; undefined where it never came into force. */
  readonly at: number | undefined;
}

const ending = (count: number): string => {
  if (count === 1) return 'without it, it passes';
  return count === 2 ? 'removing either makes it pass' : 'removing any one makes it pass';
};

/** From the beginning to the end, where no moment matters. */
const isThroughout = ({ atMs, forMs, after }: ScheduledFault, stormMs: number): boolean =>
  after === undefined && atMs === 0 && forMs >= stormMs;

function name({ kind, link, forMs, params }: ScheduledFault, timed: boolean): string {
  const words = kindNamed(kind)?.words(params) ?? kind;
  const length = timed ? ` for ${duration(forMs)}` : '';
  return `${words}${length}${link === undefined ? '' : ` on ${link}`}`;
}

/** Whether the one still holds when the other comes. */
const overlaps = (one: Placed, other: Placed): boolean =>
  one.at !== undefined && other.at !== undefined && one.at + one.fault.forMs > other.at;

/** `, 3 ms after the second ClientHello`: the last milestone of its link before it, or the storm's beginning. */
function moment(entries: readonly Entry[], { fault, at }: Placed): string {
  if (at === undefined) return ', which never came into force';
  const before = entries.filter(({ t }) => t <= at);
  const milestone = before.findLast(
    (entry) => entry.kind in milestones && (fault.link === undefined || linkOf(entry) === fault.link),
  );
  if (milestone === undefined) {
    const storm = before.find(
      (entry) => entry.kind === stormBegins.kind && 'name' in entry && entry.name === stormBegins.name,
    );
    return ` ${duration(at - (storm?.t ?? 0))} after the beginning`;
  }
  const nth = before.filter(
    (entry) => entry.kind === milestone.kind && linkOf(entry) === linkOf(milestone),
  ).length;
  return ` ${duration(at - milestone.t)} after the ${ordinal(nth)} ${milestones[milestone.kind]}`;
}

const linkOf = (entry: Entry): unknown => ('link' in entry ? entry.link : undefined);

function installedAt(entries: readonly Entry[], id: string): number | undefined {
  return entries.find((entry) => entry.kind === 'fault.installed' && entry.fault === id)?.t;
}

/** As people say it. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${Number((ms / 1_000).toFixed(ms < 10_000 ? 2 : 1))} s`;
}

const small = ['', 'first', 'second', 'third', 'fourth', 'fifth'];
const ordinal = (nth: number): string => small[nth] ?? `${nth}th`;
