import { constants } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { BenchContext, Measured, Workload } from '../../../harness/bench/workload.ts';
import { urlClaims } from '../../../harness/bench/workloads/url/claims.ts';
import { urlHandshake } from '../../../harness/bench/workloads/url/handshake.ts';
import { urlPolicy } from '../../../harness/bench/workloads/url/policy.ts';
import { systemClock } from '../../../proxy/core/clock.ts';
import { seededRandom } from '../../../proxy/core/random.ts';
import { closedPort, startHttps, startSilent } from './servers.ts';

const measure = (workload: Workload, server: NonNullable<BenchContext['server']>): Promise<Measured> =>
  workload.run({
    random: seededRandom(1),
    seed: 1,
    clock: systemClock(),
    signal: new AbortController().signal,
    quick: true,
    pace: 'fast',
    budgetMs: 0,
    threshold: 0.05,
    isDecided: () => true,
    directory: '',
    scenarios: [],
    setUp: false,
    server,
    progress: { step: () => {}, note: () => {} },
  });

const caps = { maxPerSecond: 200, maxMs: 60_000 };
/** For policies: what is sent in a take tells as much when it is little. */
const slowly = { maxPerSecond: 40, maxMs: 60_000 };
const statuses = ({ rows }: Measured) => Object.fromEntries(rows.map(({ id, status }) => [id, status]));
const reasonsOf = ({ rows }: Measured) => [...new Set(rows.flatMap(({ reasons }) => reasons))];

it('measures handshakes of both versions, full and resumed, counted at the proxy', async () => {
  await using server = await startHttps();

  const measured = await measure(urlHandshake, {
    ...caps,
    url: `https://localhost:${server.port}/health?probe=1`,
    ca: server.ca,
  });

  expect(statuses(measured)).toEqual({
    '+0 ms TLSv1.2 full': 'measured',
    '+0 ms TLSv1.2 resumed': 'measured',
    '+0 ms TLSv1.3 full': 'measured',
    '+0 ms TLSv1.3 resumed': 'measured',
  });
  const [full, resumed] = measured.rows;
  expect(full?.figures).toMatchObject({ full: { median: 4 }, resumed: { median: 0 }, failed: { median: 0 } });
  expect(resumed?.figures).toMatchObject({ full: { median: 1 }, resumed: { median: 4 } });
  expect(new Set(server.requests)).toEqual(new Set([`GET /health?probe=1 localhost:${server.port}`]));
});

it('has no figure of what it cannot know', async () => {
  await using server = await startHttps();
  const target = { ...caps, url: `https://localhost:${server.port}/`, ca: server.ca };

  const measured = [await measure(urlHandshake, target), await measure(urlPolicy, { ...target, ...slowly })];

  const known = measured.flatMap(({ rows }) => rows.flatMap(({ figures }) => Object.keys(figures)));
  const shown = measured.flatMap(({ tables }) =>
    tables.flatMap(({ columns }) => columns.map(({ of }) => of)),
  );
  for (const name of ['serverCpu', 'serverMemory', 'duplicates'])
    expect([...known, ...shown]).not.toContain(name);
});

it('leaves out a version that the server does not speak, and says so', async () => {
  await using server = await startHttps({ tls: { maxVersion: 'TLSv1.2' } });

  const measured = await measure(urlHandshake, {
    ...caps,
    url: `https://localhost:${server.port}/`,
    ca: server.ca,
  });

  expect(statuses(measured)).toEqual({
    '+0 ms TLSv1.2 full': 'measured',
    '+0 ms TLSv1.2 resumed': 'measured',
  });
  expect(measured.notes).toContain('The server does not speak TLSv1.3.');
});

it('fails the rows of resumption where the server refuses it, with the reason', async () => {
  await using server = await startHttps({
    tls: { secureOptions: constants.SSL_OP_NO_TICKET, sessionTimeout: 1 },
  });

  const measured = await measure(urlHandshake, {
    ...caps,
    url: `https://localhost:${server.port}/`,
    ca: server.ca,
  });

  expect(statuses(measured)).toMatchObject({
    '+0 ms TLSv1.3 full': 'measured',
    '+0 ms TLSv1.3 resumed': 'failed',
  });
  expect(reasonsOf(measured).join()).toMatch(/sessions were not resumed|no session that could be resumed/);
});

it.each([
  { flaw: 'self_signed', told: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  { flaw: 'wrong_host', told: 'ERR_TLS_CERT_ALTNAME_INVALID' },
] as const)('fails the rows of a server whose certificate is $flaw', async ({ flaw, told }) => {
  await using server = await startHttps({ flaw });
  const target = { ...caps, url: `https://localhost:${server.port}/`, ca: server.ca };

  const handshakes = await measure(urlHandshake, target);
  const requests = await measure(urlPolicy, { ...target, ...slowly });

  for (const measured of [handshakes, requests]) {
    const clean = measured.rows.filter(({ id }) => !/resets|cut/.test(id));
    expect(new Set(clean.map(({ status }) => status))).toEqual(new Set(['failed']));
    expect(reasonsOf(measured).join()).toContain(told);
  }
  expect(server.requests).toEqual([]);
});

it('trusts no authority that is not given', async () => {
  await using server = await startHttps();

  const measured = await measure(urlHandshake, { ...caps, url: `https://localhost:${server.port}/` });

  expect(new Set(Object.values(statuses(measured)))).toEqual(new Set(['failed']));
  expect(reasonsOf(measured).join()).toMatch(
    /UNABLE_TO_VERIFY|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER/,
  );
});

it('takes a certificate for the address in the URL', async () => {
  await using server = await startHttps({ hosts: ['127.0.0.1'] });

  const measured = await measure(urlHandshake, {
    ...caps,
    url: `https://127.0.0.1:${server.port}/`,
    ca: server.ca,
  });

  expect(new Set(Object.values(statuses(measured)))).toEqual(new Set(['measured']));
});

it('measures each policy, HTTP/2 where the server agrees to it', async () => {
  await using both = await startHttps({ http2: true });
  await using one = await startHttps();
  const target = ({ port, ca }: typeof both) => ({ ...slowly, url: `https://localhost:${port}/a`, ca });

  const [two, first] = [await measure(urlPolicy, target(both)), await measure(urlPolicy, target(one))];

  expect(statuses(two)).toMatchObject({ 'clean: new connection': 'measured', 'clean: HTTP/2': 'measured' });
  expect(Object.keys(statuses(first)).filter((id) => id.includes('HTTP/2'))).toEqual([]);
  expect(first.notes).toContain('The server does not agree to HTTP/2.');
  const shared = two.rows.find(({ id }) => id === 'clean: HTTP/2');
  expect(shared?.figures).toMatchObject({ connections: { median: 1 }, full: { median: 1 } });
  expect(new Set(both.requests)).toEqual(new Set([`GET /a localhost:${both.port}`]));
});

it('measures a server of http by policies alone', async () => {
  const server = http.createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    const measured = await measure(urlPolicy, { ...slowly, url });

    expect(statuses(measured)).toMatchObject({ 'clean: pool of 1': 'measured' });
    expect(Object.keys(statuses(measured)).filter((id) => /cut|resumed|HTTP\/2/.test(id))).toEqual([]);
    await expect(measure(urlHandshake, { ...caps, url })).rejects.toMatchObject({ code: 'LAB_BAD_INPUT' });
    await expect(measure(urlPolicy, { ...caps, url: url.replace('http', 'https') })).rejects.toThrow(
      'does not speak TLS',
    );
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

it('counts answers with a status of failure as failed, and asks each once', async () => {
  await using server = await startHttps({
    answer: (_, response) => response.writeHead(503).end('busy'),
  });

  const measured = await measure(urlPolicy, {
    ...slowly,
    url: `https://localhost:${server.port}/`,
    ca: server.ca,
  });

  expect(new Set(Object.values(statuses(measured)))).toEqual(new Set(['failed']));
  expect(reasonsOf(measured).join()).toMatch(/requests failed: \d+ × status 503/);
  const calm = measured.rows.find(({ id }) => id === 'clean: pool of 1');
  expect(calm?.figures.retries?.median).toBe(0);
});

it('follows no redirect, and says that there was one', async () => {
  await using elsewhere = await startHttps();
  await using server = await startHttps({
    answer: (_, response) =>
      response.writeHead(302, { location: `https://localhost:${elsewhere.port}/` }).end(),
  });

  const measured = await measure(urlClaims, {
    ...caps,
    url: `https://localhost:${server.port}/`,
    ca: server.ca,
  });

  expect(elsewhere.connections()).toBe(0);
  expect(measured.notes.join()).toContain('redirect (302), which is not followed');
  expect(new Set(Object.values(statuses(measured)))).toEqual(new Set(['measured']));
});

it('measures the reported latency before and after', async () => {
  await using server = await startHttps();

  const { claims } = await measure(urlClaims, {
    ...caps,
    url: `https://localhost:${server.port}/`,
    ca: server.ca,
  });

  const [claim] = claims ?? [];
  expect(claim).toMatchObject({ requirement: 'R1.7', reportedBefore: '50–200', unit: 'ms' });
  expect(Number(claim?.hardened)).toBeGreaterThanOrEqual(9);
  // A handshake of one round trip and a request, against a request; on a busy machine either takes longer.
  expect(Number(claim?.naive)).toBeGreaterThanOrEqual(2 * 9);
});

it.each([
  ['handshake', urlHandshake],
  ['policy', urlPolicy],
] as const)('begins no more connections a second than allowed, by %s', async (_, workload) => {
  const arrivals: number[] = [];
  await using server = await startHttps({
    answer: (_request, response) => {
      arrivals.push(performance.now());
      response.end('ok');
    },
  });

  await measure(workload, {
    url: `https://localhost:${server.port}/`,
    ca: server.ca,
    maxPerSecond: 25,
    maxMs: 60_000,
  });

  // Some bunch where the machine or a fault holds them up; the whole cannot be faster than the cap.
  const seconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1_000;
  expect(arrivals.length).toBeGreaterThan(40);
  expect((arrivals.length - 1) / seconds).toBeLessThanOrEqual(25);
});

it('stops when the time is up, with the rounds that are whole', async () => {
  await using server = await startHttps();
  const target = { url: `https://localhost:${server.port}/`, ca: server.ca, maxPerSecond: 20 };

  // At the cap a round takes more than a second, and three of them more than three.
  const short = await measure(urlHandshake, { ...target, maxMs: 3_000 });

  expect(short.rounds).toBeGreaterThanOrEqual(1);
  expect(short.rounds).toBeLessThan(3);
  await expect(measure(urlHandshake, { ...target, maxMs: 150 })).rejects.toThrow(
    'too few for a single round',
  );
});

it.each([
  {
    why: 'refuses',
    url: async () => `https://127.0.0.1:${await closedPort()}/`,
    told: 'takes no connection (ECONNREFUSED)',
  },
  {
    why: 'does not resolve',
    url: async () => 'https://nowhere.invalid/',
    told: 'nowhere.invalid does not resolve',
  },
])('says that a server $why', async ({ url, told }) => {
  await expect(measure(urlPolicy, { ...caps, url: await url() })).rejects.toThrow(told);
});

it.each(['http', 'https'])('says that a server never answers, over %s', async (scheme) => {
  await using server = await startSilent();

  const measured = measure(urlPolicy, {
    ...caps,
    url: `${scheme}://127.0.0.1:${server.port}/`,
    timeoutMs: 300,
  });

  await expect(measured).rejects.toMatchObject({ code: 'LAB_TIMEOUT' });
});
