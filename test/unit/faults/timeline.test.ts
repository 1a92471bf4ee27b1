import { expect, it } from 'vitest';
import type { Fault, FaultableLink, FaultContext } from '../../../harness/faults/fault.ts';
import type { PlannedFault } from '../../../harness/faults/planned-fault.ts';
import { Timeline } from '../../../harness/faults/timeline.ts';
import { Journal } from '../../../harness/journal/journal.ts';

/** A fault that only counts how often it was put in force and lifted. */
function countingFault(place: Fault['place'], struckBy?: Fault['struckBy']) {
  const calls: string[] = [];
  let context: FaultContext | undefined;
  const fault: Fault = {
    kind: 'counting',
    place,
    params: {},
    worlds: ['local'],
    ...(struckBy ? { struckBy } : {}),
    install: async (given) => {
      calls.push('in force');
      context = given;
      return async () => void calls.push('lifted');
    },
  };
  return { fault, calls, strike: () => context?.strike('hit') };
}

function start(plan: Record<string, PlannedFault>) {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const clock = {
    now: () => now,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((wake, reject) => {
        sleepers.push({ at: now + ms, wake });
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
  };
  const journal = new Journal(clock);
  const nothing = async (): Promise<never> => {
    throw new Error('this world has no database');
  };
  const context = () => ({
    clock,
    pace: 1,
    names: { fail: () => async () => {} },
    database: nothing as never,
    schema: nothing as never,
    session: nothing,
    connectionBehind: () => undefined,
  });
  const timeline = Timeline.start({ journal, clock, world: 'local', context }, plan);
  const advance = async (ms: number): Promise<void> => {
    now += ms;
    for (const { at, wake } of sleepers) if (at <= now) wake();
    await settled();
  };
  return { timeline, journal, advance };
}

/** Lets every promise that can go on do so. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const link = (name: string): FaultableLink => ({
  host: '127.0.0.1',
  port: 1,
  name,
  addToxic: async () => async () => {},
  setEnabled: async () => {},
  engineOf: () => 'toxiproxy',
});

it('puts a fault in force before its link is used, and lifts it at the end', async () => {
  const { fault, calls, strike } = countingFault('link');
  const { timeline } = start({ f: { fault, link: 'a→b' } });

  await timeline.linkReady(link('a→b'));
  expect(calls).toEqual(['in force']);
  strike();
  await timeline.liftAll();

  expect(calls).toEqual(['in force', 'lifted']);
  expect(timeline.report()).toMatchObject([{ id: 'f', strikes: 1 }]);
});

it('says which links there are when a fault names another one', async () => {
  const { fault } = countingFault('link');
  const { timeline } = start({ f: { fault, link: 'a→c' } });

  await timeline.linkReady(link('a→b'));
  await timeline.liftAll();

  expect(timeline.report()[0]).toMatchObject({
    strikes: 0,
    reason: 'there is no link called a→c; the links are a→b',
  });
});

it('waits for the nth event, and says so when it never comes', async () => {
  const due = countingFault('name');
  const late = countingFault('name');
  const { timeline, journal } = start({
    due: { fault: due.fault, from: { event: { kind: 'subject.note', name: 'beat' }, nth: 2 } },
    late: { fault: late.fault, from: { event: { kind: 'subject.note', name: 'beat' }, nth: 9 } },
  });

  journal.append('subject', 'subject.note', { name: 'beat' });
  await settled();
  expect(due.calls).toEqual([]);
  journal.append('subject', 'subject.note', { name: 'beat' });
  await settled();
  await timeline.liftAll();

  expect(due.calls).toEqual(['in force', 'lifted']);
  expect(late.calls).toEqual([]);
  expect(timeline.report()[1]?.reason).toMatch(/its trigger never came/);
});

it('lifts a fault after its time, counted from the moment it was put in force', async () => {
  const { fault, calls } = countingFault('name');
  const { timeline, advance } = start({ f: { fault, from: { afterMs: 100 }, until: { afterMs: 50 } } });

  await advance(100);
  expect(calls).toEqual(['in force']);
  await advance(49);
  expect(calls).toEqual(['in force']);
  await advance(1);

  expect(calls).toEqual(['in force', 'lifted']);
  await timeline.liftAll();
  expect(calls).toEqual(['in force', 'lifted']);
});

it('lifts a fault after so many strikes', async () => {
  const { fault, calls, strike } = countingFault('name');
  start({ f: { fault, until: { strikes: 2 } } });
  await settled();

  strike();
  await settled();
  expect(calls).toEqual(['in force']);
  strike();
  await settled();

  expect(calls).toEqual(['in force', 'lifted']);
});

it('counts what a witness saw as strikes, while the fault is in force and not before', async () => {
  const { fault } = countingFault('data', { kind: 'subject.note', name: 'answer', status: 403 });
  const { timeline, journal } = start({ f: { fault, from: 'manual' } });

  journal.append('subject', 'subject.note', { name: 'answer', status: 403 });
  await timeline.inject('f');
  journal.append('subject', 'subject.note', { name: 'answer', status: 403 });
  journal.append('subject', 'subject.note', { name: 'answer', status: 200 });
  await timeline.lift('f');
  await timeline.liftAll();

  expect(timeline.report()).toMatchObject([{ strikes: 1 }]);
});

it.each([
  [false, 0],
  [true, 1],
])('counts a strike whose peer was still there (%s) and no other', async (reached, strikes) => {
  const { fault } = countingFault('link');
  const { timeline, journal } = start({ f: { fault, link: 'a→b' } });
  await timeline.linkReady(link('a→b'));

  journal.append('proxy', 'fault.strike', { fault: 'f', faultKind: 'noop', reason: 'it was there', reached });
  await timeline.liftAll();

  expect(timeline.report()).toMatchObject([{ strikes }]);
});

it('tells that a manual fault was never injected, and refuses a name that it does not know', async () => {
  const { fault } = countingFault('name');
  const { timeline } = start({ f: { fault, from: 'manual' } });

  expect(() => timeline.inject('g')).toThrow('no fault called g');
  await timeline.liftAll();

  expect(timeline.report()[0]?.reason).toBe('the scenario never injected it');
});

it('keeps the reason when a fault cannot be put in force', async () => {
  const fault: Fault = {
    ...countingFault('name').fault,
    install: () => Promise.reject(new Error('no such table')),
  };
  const { timeline } = start({ f: { fault } });
  await settled();
  await timeline.liftAll();

  expect(timeline.report()[0]?.reason).toBe('could not be put in force: no such table');
});

it('names who makes a fault on a link', async () => {
  const { fault, strike } = countingFault('link');
  const { timeline, journal } = start({ f: { fault, link: 'a→b' } });

  await timeline.linkReady(link('a→b'));
  strike();

  expect(timeline.report()).toMatchObject([{ id: 'f', engine: 'toxiproxy', strikes: 1 }]);
  expect(journal.count({ kind: 'fault.installed', engine: 'toxiproxy' })).toBe(1);
});

it('does not put a fault in force that the world cannot make, and says so', async () => {
  const { fault, calls } = countingFault('name');
  const { timeline } = start({ f: { fault: { ...fault, worlds: ['containers'] } } });

  await settled();

  expect(calls).toEqual([]);
  expect(timeline.report()).toMatchObject([
    { reason: 'it cannot be made in the world local, only in containers' },
  ]);
});

it('says why a fault could not act on what it met', async () => {
  const { fault } = countingFault('link');
  const { timeline, journal } = start({ f: { fault, link: 'agent' } });
  await timeline.linkReady(link('agent'));

  journal.append('proxy', 'fault.skipped', {
    fault: 'f',
    faultKind: 'http_status',
    link: 'agent',
    connection: 1,
    reason: 'no HTTP/1.x',
  });
  await timeline.liftAll();

  expect(timeline.report()).toMatchObject([
    { strikes: 0, reason: 'it could not act on what it met: no HTTP/1.x' },
  ]);
});
