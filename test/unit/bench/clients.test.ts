import { describe, expect, it } from 'vitest';
import { codeOf } from '../../../harness/bench/load/clients/ask.ts';
import { absentRow } from '../../../harness/bench/rounds/absent-row.ts';
import { summarizeRow } from '../../../harness/bench/rounds/summarize-row.ts';
import type { Behaviour } from '../../../harness/bench/workloads/clients/behave.ts';
import type { RateBatch } from '../../../harness/bench/workloads/clients/rig.ts';
import { clientsUnits, takeOfBehaviour, takeOfRate } from '../../../harness/bench/workloads/clients/take.ts';

const operation = (name: string, arrivedMs: readonly number[], applied = arrivedMs.length) => ({
  name,
  method: name.split('/')[2] ?? 'GET',
  arrivedMs,
  applied,
});

const healthy: RateBatch = {
  load: {
    scheduleErrorMs: [0, 0],
    serviceMs: [20, 20],
    fromPlanMs: [20, 20],
    errors: {},
    elapsedMs: 40,
  },
  proxy: {
    connections: 2,
    full: 1,
    resumed: 1,
    failed: 0,
    roundTrips: [1, 1],
    handshakeBytesUp: [],
    handshakeBytesDown: [],
    bytesUp: 1,
    bytesDown: 1,
    strikes: 0,
  },
  server: { connections: 2, operations: [operation('rate/0', [1]), operation('rate/1', [2])] },
  clientCpuMs: 4,
};

const statusOf = (batch: RateBatch) => summarizeRow('a library', [takeOfRate(batch)], clientsUnits).status;

describe('a row of requests', () => {
  it('is measured when load, proxy and server agree', () => {
    expect(statusOf(healthy)).toBe('measured');
    expect(takeOfRate(healthy).figures).toMatchObject({ requests: 2, connections: 2, full: 1, resumed: 1 });
  });

  it.each([
    {
      what: 'a request more arrived at the server',
      batch: {
        ...healthy,
        server: { connections: 2, operations: [operation('rate/0', [1, 2]), operation('rate/1', [2])] },
      },
    },
    { what: 'connections differ', batch: { ...healthy, server: { ...healthy.server, connections: 1 } } },
    { what: 'a handshake is missing', batch: { ...healthy, proxy: { ...healthy.proxy, full: 0 } } },
    { what: 'a handshake failed', batch: { ...healthy, proxy: { ...healthy.proxy, full: 0, failed: 1 } } },
  ])('is void when $what', ({ batch }) => {
    expect(statusOf(batch)).toBe('void');
  });

  it('has failed when a request was not answered on a link that breaks nothing', () => {
    const load = { ...healthy.load, serviceMs: [20], errors: { ECONNRESET: 1 } };

    expect(statusOf({ ...healthy, load })).toBe('failed');
  });
});

const told = (name: string, outcome: { status: number } | { code: string } | object, tookMs = 5) => ({
  operation: `a/${name}`,
  tookMs,
  ...outcome,
});

const behaviour: Behaviour = {
  idle: {
    GET: [told('idle/GET/0', { status: 200 })],
    POST: [told('idle/POST/0', { code: 'ECONNRESET' })],
  },
  forgotten: 2,
  silent: told('silent/GET/0', {}, 2_000),
  nobody: told('nobody/GET/0', { code: 'ETIMEDOUT' }, 1_000),
  busy: { GET: told('busy/GET/0', { status: 200 }), POST: told('busy/POST/0', { status: 503 }) },
  lost: {
    GET: [told('lost/GET/0', { status: 200 })],
    POST: [told('lost/POST/0', { code: 'ECONNRESET' })],
  },
};
const operations = [
  operation('a/idle/GET/0', [1]),
  operation('a/busy/GET/0', [10, 1_015], 1),
  operation('a/busy/POST/0', [10], 0),
  operation('a/lost/GET/0', [20, 30]),
  operation('a/lost/POST/0', [20]),
];
const seen = { connections: 9, operations };

describe('what a library does by itself', () => {
  it('is judged by what arrived at the server', () => {
    const take = takeOfBehaviour('a', behaviour, seen);

    expect(take.figures).toEqual({
      idleGet: 0,
      idlePost: 1,
      again503Get: 1,
      again503Post: 0,
      twiceGet: 1,
      twicePost: 0,
    });
    expect(take.times).toEqual({ nobody: [1_000], wait503: [1_005] });
    expect(take.doubts).toEqual([]);
    expect(take.remarks).toEqual([
      'reset while idle: ECONNRESET · answer lost: ECONNRESET · silence: ETIMEDOUT · no time-out of its own within 2 s',
    ]);
  });

  it('has no figure of idle connections for who keeps none', () => {
    const { figures } = takeOfBehaviour('a', { ...behaviour, forgotten: 0 }, seen);

    expect(figures).not.toHaveProperty('idleGet');
  });

  it.each([
    {
      what: 'says that it was answered what never arrived',
      planted: { ...behaviour, idle: { ...behaviour.idle, GET: [told('idle/GET/9', { status: 200 })] } },
    },
    { what: 'has an answer out of silence', planted: { ...behaviour, silent: behaviour.idle.GET[0] } },
  ])('is in doubt about a library that $what', ({ planted }) => {
    const take = takeOfBehaviour('a', planted as Behaviour, seen);

    expect(summarizeRow('a', [take], clientsUnits).status).toBe('void');
  });
});

it('says how to get a library that is not installed, in a row without figures', () => {
  expect(absentRow('axios', 'npm install --save-dev axios@^1')).toEqual({
    id: 'axios',
    status: 'measured',
    reasons: ['not installed, so not measured (npm install --save-dev axios@^1)'],
    times: {},
    figures: {},
  });
});

it('takes the code nearest to the connection out of an error of fetch', () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

  expect(codeOf(new TypeError('fetch failed', { cause: reset }))).toBe('ECONNRESET');
  expect(codeOf(new TypeError('fetch failed'))).toBe('TypeError');
});
