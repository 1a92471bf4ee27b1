import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diagnose } from '../../../../harness/incident/diagnosis.ts';
import { readIncidents } from '../../../../harness/incident/reading/read-incident.ts';
import { Names } from '../../../../harness/names/names.ts';
import { bugReport } from '../../../../harness/report/html/bug-report.ts';
import { check, fixtureRun, hostile, recording, runOf, scenario, subject } from '../fixture-run.ts';

type Draft = Parameters<typeof recording>[2][number];

it('holds what somebody needs who has neither the run nor the page', () => {
  const { run, journals } = fixtureRun();
  const [, second] = run.scenarios;
  if (second === undefined) throw new Error('The fixture has no second scenario');

  const text = bugReport(run, second, journals);

  for (const part of [
    '## ✕ Three handshakes in ten are cut',
    '`fleet-resets/flaky-handshakes` · not as expected · R1.2 · R1.4',
    '**naive**: fail, expected to fail; 1 of 1 checks do not pass',
    '`handshakes` fail as reported: Handshakes a minute: measured **12/12**, expected at most 1',
    '`quiet-log` fail: Nothing above DEBUG',
    '- `cut`: cut handshake on agent→server (share: 0.3 · stage: ServerHello): 3 strikes in the run of naive',
    'Seed 7, world local, pace 20.',
    'npm run lab -- fleet-resets/flaky-handshakes --seed 7',
    'MariaDB 10.11.14',
    '### Evidence: naive',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toMatch(/\n9 {2}\d+\.\d{3} s {2}\S+ {2}\S/);
});

it('lets no text of a subject break out of its place', () => {
  const path = 'journals/x.ndjson';
  const wicked = scenario('a/b', {
    title: hostile,
    subjects: [
      subject('naive', [check('c', 'fail', { title: hostile, measured: hostile, evidence: [1] })], {
        journal: path,
      }),
    ],
  });
  const journal = recording('a/b', 'naive', [
    [1, 'agent', 'agent.log', { level: 'info', message: `\`\`\`\n# no ${hostile}` }],
  ]);

  const text = bugReport(runOf([wicked]), wicked, new Map([[path, journal]]));

  expect(text).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
  expect(text.replaceAll(/^(`{3,})[a-z]*\n[\s\S]*?\n\1$/gm, '')).not.toMatch(/<img|^# no/m);
  expect(text).toContain('````journal\n');
  expect(text).toContain('````log\n');
});

it('is read again as the incident that it tells of', async () => {
  const path = 'journals/x.ndjson';
  const refused = (number: number): Draft => [
    number * 30_000,
    'agent',
    'agent.log',
    { level: 'error', message: 'report failed', err: { code: 'ECONNREFUSED', stack: 'at x (y.js:1:1)' } },
  ];
  const asked: Draft = [1, 'agent', 'agent.log', { level: 'error', message: 'HTTP 503 before any fault' }];
  const fault = {
    fault: 'down',
    faultKind: 'refuse_connections',
    link: 'agent→server',
    params: {},
  };
  const journal = recording('a/b', 'naive', [
    asked,
    [2, 'fault', 'fault.installed', fault],
    ...[1, 2, 3, 4, 5].map(refused),
  ]);
  const told = scenario('a/b', {
    subjects: [subject('naive', [check('c', 'fail', { evidence: [3] })], { journal: path })],
  });
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
  try {
    const file = join(directory, 'report.md');
    await writeFile(file, bugReport(runOf([told]), told, new Map([[path, journal]])));

    const incidents = await readIncidents([file], new Names(), new AbortController().signal);

    expect(incidents.map(({ title }) => title)).toEqual([expect.stringContaining('Logs: naive')]);
    const [best] = incidents.map(diagnose).flatMap(({ ranked }) => ranked);
    expect(best?.signature.id).toBe('port-closed');
    expect(best?.match.parameters).toContainEqual(
      expect.objectContaining({ name: 'everyMs', value: 30_000 }),
    );
  } finally {
    await rm(directory, { recursive: true });
  }
});
