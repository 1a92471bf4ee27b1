/** What is played for logs of a program that tries once, and tells of it each time. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnose } from '../../../harness/incident/diagnosis.ts';
import type { IncidentPlan } from '../../../harness/incident/plan.ts';
import { readIncidents } from '../../../harness/incident/reading/read-incident.ts';
import { Names } from '../../../harness/names/names.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** The plan for a log with this line every minute. */
async function planOf(
  line: string,
): Promise<readonly [signature: string | undefined, plan: IncidentPlan | undefined]> {
  const file = join(directory, 'agent.log');
  const lines = [0, 1, 2, 3, 4].map((minute) => `2026-03-01T10:0${minute}:00.100Z ERROR ${line}`);
  await writeFile(file, lines.join('\n'));
  const incidents = await readIncidents([file], new Names(), new AbortController().signal);
  const [best] = incidents.map(diagnose).flatMap(({ ranked }) => ranked);
  return [best?.signature.id, best?.match.cast.plan];
}

it.each([
  ['connect-unanswered', 'report failed: connect ETIMEDOUT 10.1.2.3:443'],
  ['name-unresolved', 'report failed: getaddrinfo ENOTFOUND fleet.example.com'],
  ['answers-late', 'report failed: ReadTimeout'],
])('plays one attempt a minute for %s', async (expected, line) => {
  const [signature, plan] = await planOf(line);
  expect(signature).toBe(expected);
  expect(plan).toMatchObject({ part: 'retrying', attempts: 1, everyMs: 60_000 });
  expect(plan?.steps[0]?.forMs).toBeGreaterThanOrEqual(6 * 60_000);
});

it('plays the attempts that a log announces', async () => {
  const [, plan] = await planOf('report failed: ReadTimeout, retrying (attempt 2 of 4) in 2 s');
  expect(plan?.attempts).toBe(4);
});
