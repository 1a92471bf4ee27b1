import { describe, expect, it } from 'vitest';
import { told } from '../../../harness/bench/load/websocket/send-many.ts';
import { summarizeRow } from '../../../harness/bench/rounds/summarize-row.ts';
import type { SendBatch } from '../../../harness/bench/workloads/websocket/rig.ts';
import {
  compareSends,
  takeOfFaults,
  takeOfSends,
  websocketUnits,
} from '../../../harness/bench/workloads/websocket/take.ts';

const { nothing, success, failure } = told;

it('calls lost in silence what the server never had, unless its send was said to have failed', () => {
  const outcomes = Uint8Array.of(success, success, nothing, nothing, failure, failure);

  const compared = compareSends(outcomes, Uint32Array.of(0, 2, 4));

  expect(compared).toEqual({ silent: 2, failures: 2, arrived: 1, impossible: 0 });
});

it('counts messages at the server that were never sent, and those that came twice', () => {
  const { impossible } = compareSends(Uint8Array.of(success, success), Uint32Array.of(0, 1, 1, 9));

  expect(impossible).toBe(2);
});

const healthy: SendBatch = {
  load: { told: Uint8Array.of(success, success), connections: 1, bytesWritten: 90, elapsedMs: 4 },
  proxy: { connections: 1, bytesUp: 90, strikes: 0 },
  server: { ids: Uint32Array.of(0, 1), strays: 0, connections: 1, bytesRead: 90 },
};

const statusOf = (batch: SendBatch, isHealthy = true) =>
  summarizeRow('a row', [takeOfSends(isHealthy, batch)], websocketUnits).status;

describe('a row of sends', () => {
  it('is measured when load, proxy and server agree', () => {
    expect(statusOf(healthy)).toBe('measured');
  });

  it.each([
    { what: 'connections at the proxy', batch: { ...healthy, proxy: { ...healthy.proxy, connections: 2 } } },
    {
      what: 'connections at the server',
      batch: { ...healthy, server: { ...healthy.server, connections: 0 } },
    },
    { what: 'bytes at the proxy', batch: { ...healthy, proxy: { ...healthy.proxy, bytesUp: 91 } } },
    { what: 'bytes at the server', batch: { ...healthy, server: { ...healthy.server, bytesRead: 89 } } },
    { what: 'messages of another take', batch: { ...healthy, server: { ...healthy.server, strays: 1 } } },
  ])('is void when $what differ', ({ batch }) => {
    expect(statusOf(batch)).toBe('void');
  });

  it('has failed when a message was lost on a link that breaks nothing', () => {
    expect(statusOf({ ...healthy, server: { ...healthy.server, ids: Uint32Array.of(0) } })).toBe('failed');
  });

  it('is void when its fault struck nothing', () => {
    expect(statusOf(healthy, false)).toBe('void');
  });
});

describe('a row of faults', () => {
  const struckAt = new Map([
    [1, 1_000],
    [2, 1_000],
  ]);

  it('takes times from the fault on, and counts what did not happen', () => {
    const watched = [{ port: 1, failedAt: 1_020, noticedAt: 1_010 }, { port: 2 }];

    const take = takeOfFaults({ watched, struckAt }, 500);

    expect(take.times).toEqual({ failure: [20], notice: [10] });
    expect(take.figures).toEqual({ watched: 2, unfailed: 1, unnoticed: 1 });
    expect([take.failures, take.doubts, take.remarks]).toEqual([[], [], []]);
  });

  it('says so when nothing happened on any connection', () => {
    const { remarks } = takeOfFaults({ watched: [{ port: 1 }, { port: 2 }], struckAt }, 500);

    expect(remarks).toEqual(['no send failed within 0.5 s', 'nothing was noticed within 0.5 s']);
  });

  it('has failed when a send failed before the fault, and is in doubt about connections that it did not strike', () => {
    const watched = [{ port: 1, failedAt: 900 }, { port: 3 }];

    const { failures, doubts } = takeOfFaults({ watched, struckAt }, 500);

    expect(failures).toHaveLength(1);
    expect(doubts).toEqual(['the fault did not strike 1 of 2 connections']);
  });
});
