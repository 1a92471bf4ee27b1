/** What HAR files of browsers leave to be guessed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IncidentEvent } from '../../../harness/incident/event.ts';
import { readHar } from '../../../harness/incident/reading/har.ts';
import { Names } from '../../../harness/names/names.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** What is read of requests that failed after these times, with these words. */
async function read(
  failed: readonly { readonly time: number; readonly response?: object; readonly timings?: object }[],
): Promise<readonly IncidentEvent[]> {
  const entries = failed.map(({ time, response = {}, timings = {} }, n) => ({
    startedDateTime: new Date(Date.UTC(2026, 11, 1, 0, 0, n * 5)).toISOString(),
    time,
    request: { method: 'GET', url: 'https://fleet.example/v2/commands' },
    response: { status: -1, ...response },
    timings,
  }));
  const path = join(directory, 'page.har');
  await writeFile(path, JSON.stringify({ log: { version: '1.2', entries } }));
  return (await readHar(path, { name: 'page.har', names: new Names(), encoding: 'utf-8' })).events;
}

const aborted = { _failureText: 'net::ERR_ABORTED' };

it('takes requests that were given up after the same time for a time-out, whether or not a word says so', async () => {
  const told = await read([1_000, 1_003, 998].map((time) => ({ time, response: aborted })));
  expect(told.map(({ kind, afterMs }) => [kind, afterMs])).toEqual([
    ['timeout', 1_000],
    ['timeout', 1_003],
    ['timeout', 998],
  ]);
  expect((await read([3_000, 3_000, 3_000].map((time) => ({ time })))).map(({ kind }) => kind)).toEqual(
    Array(3).fill('timeout'),
  );
});

it.each([
  ['after different times', [1_000, 40, 700]],
  ['at once', [0, 0, 0]],
  ['seldom', [1_000, 1_000]],
])('takes requests that were given up %s for no time-out', async (_, times) => {
  const told = await read(times.map((time) => ({ time, response: aborted })));

  expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['failed']));
});

it('reads why a request failed wherever an exporter puts it', async () => {
  const refused = 'net::ERR_CONNECTION_REFUSED';
  const told = await read([
    { time: 1, response: { _failureText: refused } },
    { time: 1, response: { _error: refused } },
    { time: 1, response: { statusText: refused } },
  ]);

  expect(told.map(({ kind }) => kind)).toEqual(['refused', 'refused', 'refused']);
});

it('does not take the time of sending for that of waiting', async () => {
  const [left] = await read([
    { time: 6, response: { status: 0, _error: 'Client disconnected.' }, timings: { send: 6, wait: 0 } },
  ]);

  expect(left).toMatchObject({ kind: 'timeout' });
  expect(left).not.toHaveProperty('afterMs');
});
