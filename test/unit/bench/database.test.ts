import { describe, expect, it } from 'vitest';
import type { PoolRequest } from '../../../harness/bench/load/database/pool-load.ts';
import { summarizeRow } from '../../../harness/bench/rounds/summarize-row.ts';
import type { PoolBatch } from '../../../harness/bench/workloads/database/rig.ts';
import { databaseUnits, takeOfPool, untilHealthy } from '../../../harness/bench/workloads/database/take.ts';

const request = (plannedAt: number, ms = 1, code?: string): PoolRequest => ({
  plannedAt,
  endedAt: plannedAt + ms,
  acquireMs: ms,
  ...(code === undefined ? {} : { code }),
});

describe('the time until healthy again', () => {
  it('is from the fault until the request behind the last one that failed or was slow', () => {
    const requests = [request(0), request(100, 5, 'LOST'), request(200, 400), request(300), request(400)];

    expect(untilHealthy(requests, 90)).toBe(210);
  });

  it('is none when all went on well, and unknown when the last request was bad', () => {
    expect(untilHealthy([request(0), request(100)], 50)).toBe(0);
    expect(untilHealthy([request(0), request(100, 5, 'LOST')], 50)).toBeUndefined();
  });

  it('leaves out what was bad long before the fault', () => {
    expect(untilHealthy([request(0, 5, 'LOST'), request(1_000)], 900)).toBe(0);
  });
});

const healthy: PoolBatch = {
  load: { requests: [request(0), request(100)], connections: 1, monotonicOffsetMs: 0 },
  fault: undefined,
  connections: 1,
  rows: new Map([
    [0, 1],
    [1, 1],
  ]),
};
const statusOf = (batch: PoolBatch) => summarizeRow('a pool', [takeOfPool(batch)], databaseUnits).status;

describe('a row of a pool', () => {
  it('is measured when load, proxy and database agree', () => {
    expect(statusOf(healthy)).toBe('measured');
  });

  it.each([
    { what: 'a success is not in the database', batch: { ...healthy, rows: new Map([[0, 1]]) } },
    {
      what: 'the database has a number twice',
      batch: { ...healthy, rows: new Map([...healthy.rows, [1, 2] as const]) },
    },
    {
      what: 'the database has a number that was never sent',
      batch: { ...healthy, rows: new Map([...healthy.rows, [7, 1] as const]) },
    },
    { what: 'pool and proxy count other connections', batch: { ...healthy, connections: 2 } },
    {
      what: 'the fault did not fall among the requests',
      batch: { ...healthy, fault: { beganAt: -50, overAt: 20 } },
    },
  ])('is void when $what', ({ batch }) => {
    expect(statusOf(batch)).toBe('void');
  });

  it('has failed when a request failed where nothing was to break', () => {
    const requests = [request(0), request(100, 5, 'LOST')];

    expect(statusOf({ ...healthy, load: { ...healthy.load, requests } })).toBe('failed');
  });

  it('counts what failed for the caller and was applied, with the codes of errors', () => {
    const requests = [request(0), request(100, 5, 'LOST'), request(200)];
    const rows = new Map([...healthy.rows, [2, 1] as const]);
    const batch = {
      ...healthy,
      rows,
      load: { ...healthy.load, requests },
      fault: { beganAt: 50, overAt: 60 },
    };

    const take = takeOfPool(batch);

    expect(take.figures).toMatchObject({ failures: 1, unknown: 1, unhealthy: 0 });
    expect(take.times.back).toEqual([150]);
    expect([take.failures, take.doubts, take.remarks]).toEqual([[], [], ['errors: LOST']]);
  });
});
