/** The features by which two incidents are held against each other: each a figure with its unit and its tolerance. */
import type { Observed } from './observed.ts';

/** One figure. */
export interface Feature {
  /** Such as `reset every`. */
  readonly id: string;
  readonly value: number | readonly number[];
  readonly unit: 'ms' | 'times' | 'share' | 'factor' | 'yes';
  /** How far another figure may be from it: a share of it, and an amount at least. */
  readonly tolerance: { readonly share: number; readonly least: number };
}

const loose = { share: 0.2, least: 0 };

/** Families that are a small part of the failures are chance. */
const leastPart = 0.1;

/** The features of what was observed, those of the failures first. */
export function featuresOf(observed: Observed): Feature[] {
  const all = observed.failures.reduce((sum, { events }) => sum + events.length, 0);
  const main = observed.failures.filter(({ events }) => events.length >= all * leastPart);
  return [
    ...main.flatMap((failures) => featuresOfFailures(failures)),
    ...featuresOfRetries(observed),
    ...featuresOfRequests(observed),
    ...observed.mixedPairs.map(({ status }) => present(`${status} right beside a success`)),
    ...(observed.timeoutMs === undefined ? [] : [figure('waits for an answer', observed.timeoutMs, 'ms')]),
  ];
}

const present = (id: string): Feature => ({ id, value: 1, unit: 'yes', tolerance: { share: 0, least: 0 } });

const figure = (
  id: string,
  value: number | readonly number[],
  unit: Feature['unit'],
  tolerance = loose,
): Feature => ({
  id,
  value,
  unit,
  tolerance,
});

function featuresOfFailures({
  family,
  periodMs,
  jitter = 1,
  groups,
}: Observed['failures'][number]): Feature[] {
  const isRegular = periodMs !== undefined && groups.length > 2 && jitter < 0.5 && periodMs >= 500;
  return [present(`shows ${family}`), ...(isRegular ? [figure(`${family} every`, periodMs, 'ms')] : [])];
}

function featuresOfRetries({ retries: { attempts, waitsMs, growth, capMs } }: Observed): Feature[] {
  return [
    ...(attempts === undefined ? [] : [figure('attempts', attempts, 'times', { share: 0, least: 0.5 })]),
    ...(waitsMs.length < 2 ? [] : [figure('waits', waitsMs, 'ms')]),
    ...(growth === undefined ? [] : [figure('waits grow by', growth, 'factor')]),
    ...(capMs === undefined ? [] : [figure('waits are capped at', capMs, 'ms')]),
  ];
}

/** Requests that come several at a time are one request that was sent again. */
function featuresOfRequests({ requests }: Observed): Feature[] {
  const [most] = requests;
  if (most === undefined || most.size < 2) return [];
  return [figure('the same request at a time', most.size, 'times', { share: 0.34, least: 1 })];
}
