/** What the events of an incident come to: the failures by family, the requests by operation, the waits, the pairs. */
import { familyOf, type IncidentEvent } from '../event.ts';
import type { IncidentSource } from '../reading/source.ts';
import { median, type Series, seriesOf } from './series.ts';

/** The failures of one family. */
export interface Failures extends Series {
  readonly family: string;
  readonly events: readonly IncidentEvent[];
  /** Of those who could have failed and are seen, the share that did; missing where no success is seen. */
  readonly share?: number;
}

/** Requests of one operation that were answered. */
export interface Requests extends Series {
  readonly operation: string;
  readonly events: readonly IncidentEvent[];
}

/** What is announced before attempts. */
export interface Retries {
  readonly events: readonly IncidentEvent[];
  /** Attempts of one operation, as announced or given up after. */
  readonly attempts?: number;
  /** The waits in their order, ms: the median of each. */
  readonly waitsMs: readonly number[];
  /** By which factor they grow; missing for less than two. */
  readonly growth?: number;
  /** The longest wait, where the last two are equal, ms. */
  readonly capMs?: number;
}

/** A refusal close to a success of the same operation. */
export interface MixedPairs {
  readonly status: number;
  readonly events: readonly IncidentEvent[];
}

export interface Observed {
  readonly sources: readonly IncidentSource[];
  readonly events: readonly IncidentEvent[];
  /** The most frequent first. */
  readonly failures: readonly Failures[];
  readonly requests: readonly Requests[];
  readonly retries: Retries;
  readonly mixedPairs: readonly MixedPairs[];
  /** How long was waited for an answer that did not come, ms. */
  readonly timeoutMs?: number;
  /** The family’s failures; undefined where there are none. */
  failuresOf(family: string): Failures | undefined;
}

/** A refusal and a success so close are no change of mind. */
const pairMs = 1_000;

/** Looks at all sources on one clock. */
export function observe(sources: readonly IncidentSource[]): Observed {
  const events = sources.flatMap((source) => source.events);
  const failures = failuresIn(events);
  const timeoutMs = median(events.flatMap(({ afterMs }) => afterMs ?? []));
  return {
    sources,
    events,
    failures,
    requests: requestsIn(events),
    retries: retriesIn(events),
    mixedPairs: pairsIn(events),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    failuresOf: (family) => failures.find((candidate) => candidate.family === family),
  };
}

/** Both sides may tell of the same failure: the side that tells of more is counted. */
function failuresIn(events: readonly IncidentEvent[]): Failures[] {
  const failing = Map.groupBy(
    events.filter((event) => familyOf(event) !== undefined),
    (event) => familyOf(event) ?? '',
  );
  const all = [...failing].map(([family, told]): Failures => {
    const bySource = [...Map.groupBy(told, ({ source }) => source).values()].toSorted(
      (a, b) => b.length - a.length,
    );
    const counted = bySource[0] ?? [];
    const series = seriesOf(counted.flatMap(({ t }) => t ?? []));
    const isAnswer = family.startsWith('status:');
    const couldFail = isAnswer ? operationsOf(counted) : undefined;
    const good = events.filter(
      ({ kind, status = 0, source, operation }) =>
        kind === 'request' &&
        status < 400 &&
        source === counted[0]?.source &&
        (operation === undefined || couldFail?.has(operation) !== false),
    ).length;
    const bad = isAnswer ? counted.length : Math.max(series.groups.length, 1);
    return { family, events: counted, ...series, ...(good === 0 ? {} : { share: bad / (good + bad) }) };
  });
  return all.toSorted((a, b) => b.events.length - a.events.length);
}

/** What was asked for; undefined where some do not say. */
function operationsOf(events: readonly IncidentEvent[]): ReadonlySet<string> | undefined {
  const named = events.flatMap(({ operation }) => operation ?? []);
  return named.length === events.length ? new Set(named) : undefined;
}

function requestsIn(events: readonly IncidentEvent[]): Requests[] {
  const answered = events.filter(({ kind, status = 0 }) => kind === 'request' && status < 400);
  const groups = Map.groupBy(
    answered,
    ({ operation = '', source, side, peer = '' }) =>
      `${operation}\n${source}\n${side === 'wire' ? '' : peer}`,
  );
  return [...groups.values()]
    .map((told) => ({
      operation: told[0]?.operation ?? '',
      events: told,
      ...seriesOf(told.flatMap(({ t }) => t ?? [])),
      ...sizeByIdentity(told),
    }))
    .toSorted((a, b) => b.events.length - a.events.length);
}

/** Where requests say which they are, those that are the same are known by that rather than by their times. */
function sizeByIdentity(told: readonly IncidentEvent[]): { readonly size: number } | undefined {
  const known = told.filter(({ identity }) => identity !== undefined);
  if (known.length < told.length * 0.8 || known.length < 2) return undefined;
  const same = Map.groupBy(known, ({ identity }) => identity ?? '');
  return { size: median([...same.values()].map((group) => group.length)) ?? 1 };
}

function retriesIn(events: readonly IncidentEvent[]): Retries {
  const told = events.filter(({ kind }) => kind === 'retry' || kind === 'gave-up');
  const named = median(told.flatMap(({ attempts: all }) => all ?? []));
  // Who announces a wait after the third of three counts what is tried again, and not the first attempt.
  const isOfRetries = told.some(
    ({ attempt, attempts: all, delayMs }) =>
      delayMs !== undefined && attempt !== undefined && attempt === all,
  );
  const attempts = named !== undefined && isOfRetries ? named + 1 : named;
  const waits = Map.groupBy(
    told.filter(({ delayMs, attempt }) => delayMs !== undefined && attempt !== undefined),
    ({ attempt = 0 }) => attempt,
  );
  const waitsMs =
    waits.size > 1
      ? [...waits]
          .toSorted(([a], [b]) => a - b)
          .map(([, some]) => median(some.flatMap(({ delayMs }) => delayMs ?? [])) ?? 0)
      : rising(told.flatMap(({ delayMs }) => delayMs ?? []));
  const steps = waitsMs.slice(1).map((wait, index) => wait / Math.max(1, waitsMs[index] ?? 1));
  const growing = steps.filter((step) => step > 1.2);
  const [last, beforeLast] = [waitsMs.at(-1), waitsMs.at(-2)];
  const isCapped =
    waitsMs.length > 2 && last !== undefined && beforeLast !== undefined && last / beforeLast < 1.2;
  const growth = median(growing);
  return {
    events: told,
    ...(attempts === undefined ? {} : { attempts }),
    waitsMs,
    ...(growth === undefined ? {} : { growth }),
    ...(isCapped ? { capMs: Math.max(last, beforeLast) } : {}),
  };
}

/** The first row of waits that do not become shorter: what follows is the next operation’s. */
function rising(waits: readonly number[]): number[] {
  const row: number[] = [];
  for (const wait of waits) {
    if (wait < (row.at(-1) ?? 0) * 0.7) break;
    if (row.length < 12) row.push(wait);
  }
  return row;
}

function pairsIn(events: readonly IncidentEvent[]): MixedPairs[] {
  const answered = events
    .filter(({ kind, t }) => kind === 'request' && t !== undefined)
    .toSorted((a, b) => (a.t ?? 0) - (b.t ?? 0));
  const pairs = new Map<number, IncidentEvent[]>();
  for (const [index, event] of answered.entries()) {
    const { status = 0, operation, t = 0 } = event;
    if (status !== 401 && status !== 403) continue;
    const beside = [answered[index - 1], answered[index + 1]].find(
      (other) =>
        other?.operation === operation &&
        (other?.status ?? 500) < 400 &&
        Math.abs((other?.t ?? 0) - t) <= pairMs,
    );
    if (beside !== undefined) pairs.set(status, [...(pairs.get(status) ?? []), beside, event]);
  }
  return [...pairs].map(([status, told]) => ({ status, events: told }));
}
