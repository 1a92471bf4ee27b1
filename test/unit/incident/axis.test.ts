/** Incident, reproduction and fix on one axis of time. */
import { expect, it } from 'vitest';
import { axisLines, axisOf } from '../../../harness/incident/axis.ts';
import type { IncidentEvent } from '../../../harness/incident/event.ts';
import type { Entry } from '../../../harness/journal/entry.ts';

const event = (t: number | undefined, kind: IncidentEvent['kind'], status?: number): IncidentEvent => ({
  kind,
  ...(t === undefined ? {} : { t }),
  ...(status === undefined ? {} : { status }),
  source: 'agent.log',
  side: 'client',
  line: 1,
  quote: `${kind} at ${t}`,
});
const fault = (t: number, kind: 'fault.installed' | 'fault.lifted'): Entry =>
  ({ n: 1, t, source: 'fault', kind, fault: 'down' }) as unknown as Entry;

const incident = [
  event(900_000, 'request', 200),
  ...[0, 1, 2, 9].map((n) => event(905_000 + n * 5_000, 'refused')),
];
const naive = {
  name: 'naive',
  entries: [fault(1_000, 'fault.installed'), fault(16_000, 'fault.lifted')],
  events: [event(3_000, 'refused'), event(8_000, 'refused'), event(18_000, 'request', 200)],
};
// Its clock began later, and it fails once less.
const hardened = {
  name: 'hardened',
  entries: [fault(2_000, 'fault.installed'), fault(17_000, 'fault.lifted')],
  events: [event(9_000, 'refused'), event(19_000, 'request', 200)],
};

it('begins with the first failure of the incident and of the first program, and holds runs against each other by their faults', () => {
  const { lanes, to } = axisOf(incident, [naive, hardened]);

  expect(lanes.map(({ name, failures }) => [name, failures.map(({ t }) => t)])).toEqual([
    ['incident', [0, 5_000, 10_000, 45_000]],
    ['naive', [0, 5_000]],
    ['hardened', [5_000]],
  ]);
  expect(lanes.map(({ faults }) => faults)).toEqual([
    [],
    [{ from: -2_000, to: 13_000 }],
    [{ from: -2_000, to: 13_000 }],
  ]);
  expect(lanes.map(({ successes }) => successes.map(({ t }) => t))).toEqual([[-5_000], [15_000], [15_000]]);
  expect(to).toBe(15_000);
});

it('is told as text, with what comes later', () => {
  const [head, ...rows] = axisLines(axisOf(incident, [naive, hardened]));

  expect(head).toContain('15 s');
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatch(/incident │x +x +x … 1 later$/);
  expect(rows[1]).toMatch(/naive +│x +x +·$/);
  expect(rows[2]).toMatch(/hardened │ +x +·$/);
});

it('has no moments where a log tells no time', () => {
  const { lanes } = axisOf([event(undefined, 'refused')], [naive]);
  expect(lanes[0]?.failures).toEqual([]);
});
