/** Names that stand in what is read are in nothing that is written: terminal, incident.json, scenario file, ticket, bug report, minimum. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../harness/incident/diagnosis.ts';
import { incidentJson } from '../../../harness/incident/incident-json.ts';
import { readIncidents } from '../../../harness/incident/reading/read-incident.ts';
import { scenarioFile } from '../../../harness/incident/scenario/scenario-file.ts';
import { diagnosisLines } from '../../../harness/incident/text.ts';
import { minimumLines } from '../../../harness/minimise/minimum-lines.ts';
import { Names } from '../../../harness/names/names.ts';
import { incidentText } from '../../../harness/page/saving/incident-file.ts';
import { bugReport } from '../../../harness/report/html/bug-report.ts';
import { forms, plants } from '../names/planted.ts';
import { check, entriesOf, recording, runOf, scenario, subject } from '../report/fixture-run.ts';
import { pcapngOf } from './wire.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Every text with every name, as it is and in one of the other forms. */
const [plain, ...others] = Object.values(forms);
const carried = plants
  .flatMap(({ name, texts }) => texts.map((text) => [text, name] as const))
  .flatMap(([text, name], n) =>
    [plain, others[n % others.length]].flatMap((make) => make?.(text, name) ?? []),
  );

/** Each once more without what is only written differently. */
const names = plants.map(({ name }) => name.toLowerCase());

function leftIn(text: string): string[] {
  const plain = text.replace(/%[0-9a-f]{2}/gi, (code) =>
    String.fromCharCode(Number.parseInt(code.slice(1), 16)),
  );
  const all = `${text}\n${plain}`.toLowerCase();
  return names.filter((name) => all.includes(name));
}

/** All that `reproduce` writes of a file, and every quote that it might write. */
async function writtenOf(
  file: string,
  bytes: string | Uint8Array,
): Promise<{ text: string; quotes: number }> {
  const path = join(directory, file);
  await writeFile(path, bytes);
  const incidents = await readIncidents([path], new Names());
  const quotes = incidents.flatMap(({ sources }) =>
    sources.flatMap(({ events }) => events.map(({ t: _t, ...event }) => JSON.stringify(event))),
  );
  const written = incidents.map(diagnose).flatMap((diagnosis) => [
    incidentJson([diagnosis], []),
    ...diagnosisLines(diagnosis),
    ...diagnosis.ranked.map(({ signature, match }) =>
      scenarioFile({
        id: 'incident/x',
        signature,
        match,
        sources: diagnosis.incident.sources.map(({ name }) => name),
      }),
    ),
  ]);
  return { text: [...quotes, ...written].join('\n'), quotes: quotes.length };
}

const stamp = (n: number): string => new Date(Date.UTC(2026, 10, 30, 10) + n * 1_000).toISOString();

const logs: Readonly<Record<string, (text: string, n: number) => string>> = {
  'plain.log': (text, n) => `${stamp(n)} ERROR agent: ${text}: connection refused`,
  'pino.log': (text, n) =>
    JSON.stringify({
      level: 50,
      time: Date.parse(stamp(n)),
      hostname: 'zephyrion',
      msg: `connection refused: ${text}`,
    }),
  'error.log': (text, n) =>
    JSON.stringify({
      level: 50,
      time: Date.parse(stamp(n)),
      msg: 'report failed',
      err: {
        message: text,
        code: 'ECONNREFUSED',
        stack: `Error: ${text}\n at x`,
        config: { password: 'zephyr!rosebud' },
      },
    }),
  'logfmt.log': (text, n) =>
    `time=${stamp(n)} level=error msg="report failed" err=${JSON.stringify(`${text}: connection refused`)}`,
  'traceback.log': (text, n) =>
    `${stamp(n)} ERROR agent: report failed ${text}\nTraceback (most recent call last):\n  File "/srv/zephyrhome/a.py", line 3, in f\nConnectionRefusedError: [Errno 111] Connection refused: ${text}`,
  'java.log': (text, n) =>
    `${stamp(n)} ERROR [main] c.a.Agent - report failed\njava.io.IOException: ${text}\n\tat com.zephyrsoft.Agent.run(Agent.java:3)\nCaused by: java.net.ConnectException: Connection refused ${text}`,
  'syslog.log': (text, n) =>
    `Nov 30 10:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')} zephyrion agent[7]: ERROR ${text}: connection refused`,
  'split.log': (text, n) => `${stamp(n)} ERROR agent: connection refused, sent\n    ${text}`,
};

describe('a name that is planted is in no output of reproduce', () => {
  it.each(Object.entries(logs))('read from %s', { timeout: 60_000 }, async (file, line) => {
    const { text, quotes } = await writtenOf(file, carried.map(line).join('\n'));
    expect(quotes).toBeGreaterThan(carried.length / 2);
    expect(leftIn(text)).toEqual([]);
  });

  it('read from a ticket, with names in headings and labels', { timeout: 60_000 }, async () => {
    const text = carried
      .slice(0, 200)
      .map((one, n) => logs['plain.log']?.(one, n))
      .join('\n');
    const ticket = `# Outage at api.zephyrcorp.internal\n## Told by ophelia.quint@zephyrcorp.example.org\n\`\`\`\nzephyrion agent log:\n${text}\n\`\`\`\n`;
    const { text: written, quotes } = await writtenOf('ticket.md', ticket);
    expect(quotes).toBeGreaterThan(100);
    expect(leftIn(written)).toEqual([]);
  });

  it('read from a HAR file', async () => {
    const entries = carried.map((text, n) => ({
      startedDateTime: stamp(n),
      time: 5,
      request: {
        method: 'POST',
        url: `https://api.zephyrcorp.internal/v1/users/ophelia.quint/${encodeURIComponent(text)}?q=moonraker77`,
        headers: [{ name: 'Cookie', value: 'sid=zx81moonlight' }],
      },
      response: n % 2 === 0 ? { status: 503 } : { status: 0, _error: `net::ERR_CONNECTION_REFUSED ${text}` },
    }));
    const { text, quotes } = await writtenOf('zephyrion.har', JSON.stringify({ log: { entries } }));
    expect(quotes).toBe(carried.length);
    expect(leftIn(text.replaceAll('zephyrion.har', ''))).toEqual([]);
  });

  it('read from a capture', async () => {
    const paths = [
      'users/ophelia.quint',
      'tenants/ophelia/x',
      'r/5eb85c3f-8817-4483-82b3-bd9fdb2e78c4',
      'r?q=moonraker77',
      'r/ophelia.quint%40zephyrcorp.example.org',
      'zq9Lm3Xv8RtK2pWn/a',
      'https://api.zephyrcorp.internal/r',
    ];
    const bytes = pcapngOf(
      [...paths, ...paths, ...paths].map((path) => ({
        request: `POST ${path.startsWith('http') ? '' : '/v1/'}${path} HTTP/1.1\r\nHost: api.zephyrcorp.internal\r\nAuthorization: Bearer zq9Lm3Xv8RtK2pWn\r\nCookie: sid=zx81moonlight\r\n\r\n`,
        answer: 'HTTP/1.1 503 Service Unavailable\r\nServer: zephyrion\r\n\r\n',
      })),
    );
    const { text, quotes } = await writtenOf('wire.pcapng', bytes);
    expect(quotes).toBeGreaterThanOrEqual(21);
    expect(text).toContain('503');
    expect(leftIn(text)).toEqual([]);
  });
});

describe('a name that a program logs', () => {
  const logged = carried
    .slice(0, 78)
    .map(
      (message, n) =>
        [
          n + 3,
          'agent',
          'agent.log',
          { level: 'error', message, user: 'ophelia', err: { message } },
        ] as const,
    );

  it('is not in a bug report', { timeout: 60_000 }, () => {
    for (let from = 0; from < carried.length; from += 50) {
      const some = carried.slice(from, from + 50);
      const journal = recording(
        'a/b',
        'naive',
        some.map((message, n) => [
          n,
          'agent',
          'agent.log',
          { level: 'error', message, user: 'ophelia', err: { message } },
        ]),
      );
      const told = scenario('a/b', {
        replay: 'shaketable run a/b -- agent --token zq9Lm3Xv8RtK2pWn --url https://api.zephyrcorp.internal',
        subjects: [
          subject(
            'naive',
            [check('c', 'fail', { measured: some.join(' '), evidence: some.map((_, n) => n + 1) })],
            {
              journal: 'x',
            },
          ),
        ],
      });
      expect(leftIn(bugReport(runOf([told]), told, new Map([['x', journal]])))).toEqual([]);
    }
  });

  it('is not in what is saved as an incident by hand', () => {
    const entries = entriesOf(logged.map(([t, source, kind, fields]) => [t, source, kind, fields]));
    const text = incidentText({
      title: 'Outage at api.zephyrcorp.internal',
      deeds: [],
      entries,
      startedAt: 0,
    });
    expect(text).toContain('Agent log:');
    expect(leftIn(text ?? '')).toEqual([]);
  });

  it('is not in what a minimum says', () => {
    const measured = carried.slice(0, 40).join(' ');
    const lines = minimumLines({
      failure: { scenario: scenario('a/b'), subject: subject('naive', []), check: 'c' },
      whole: 3,
      left: { faults: {} },
      session: {
        left: undefined,
        minimum: undefined,
        failed: { played: { checks: [check('c', 'fail', { measured })] } },
        plays: 3,
        spentMs: 5,
      } as never,
    });
    expect(lines[0]).toContain('measured');
    expect(leftIn(lines.join('\n'))).toEqual([]);
  });
});
